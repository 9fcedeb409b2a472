import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { type Embedded, openEmbedded } from '../../src/db/embedded.ts';
import { eventually } from '../support/eventually.ts';

describe('the embedded PostgreSQL', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratu-embedded-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function ask({ directory }: Embedded, statement: string): Promise<unknown[]> {
    const client = new pg.Client({ host: directory, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query({ text: statement, rowMode: 'array' })).rows;
    } finally {
      await client.end();
    }
  }

  it('is one for two that open its folder, and goes on when the first is closed', async () => {
    const first = await openEmbedded(folder);
    const second = await openEmbedded(folder);
    await ask(first, 'create table kept (value int)');
    await ask(second, 'insert into kept values (7)');
    await first.close();
    await eventually(async () => {
      expect(await ask(second, 'select value from kept')).to.deep.equal([[7]]);
    });
    await second.close();
    expect(await ask(second, 'select 1').catch(() => 'closed')).to.equal('closed');
  });
});
