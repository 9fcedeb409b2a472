import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { openEmbedded } from '../../src/db/embedded.ts';
import { ask } from '../support/ask.ts';
import { eventually } from '../support/eventually.ts';

describe('the embedded PostgreSQL', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratu-embedded-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('runs the statement of a connection to its end before that of another', async function () {
    this.timeout(60_000);
    const embedded = await openEmbedded(folder);
    // different statements concurrently, all of them unnamed
    const sumsWith = async (base: number): Promise<(number | undefined)[]> => {
      const client = new pg.Client(embedded.access);
      await client.connect();
      const sums: (number | undefined)[] = [];
      for (let value = 0; value < 20; value += 1) {
        const { rows } = await client.query<{ sum: number }>(`select $1::int + ${base} as sum`, [value]);
        sums.push(rows[0]?.sum);
      }
      await client.end();
      return sums;
    };
    const bases = [0, 1000, 2000, 3000];
    expect(await Promise.all(bases.map(sumsWith))).to.deep.equal(
      bases.map((base) => Array.from({ length: 20 }, (_, value) => base + value)),
    );
    await embedded.close();
  });

  it('is one for two that open its folder, and goes on when the first is closed', async () => {
    const first = await openEmbedded(folder);
    const second = await openEmbedded(folder);
    await ask(first.access, 'create table kept (value int)');
    await ask(second.access, 'insert into kept values (7)');
    await first.close();
    await eventually(async () => {
      expect(await ask(second.access, 'select value from kept')).to.deep.equal([[7]]);
    });
    await second.close();
    expect(await ask(second.access, 'select 1').catch(() => 'closed')).to.equal('closed');
  });
});
