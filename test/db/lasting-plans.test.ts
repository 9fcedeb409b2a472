import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type pg from 'pg';
import type { Database } from '../../src/db/database.ts';
import type { Writes } from '../../src/storage/record.ts';
import {
  COMMIT,
  commitValues,
  commitWithChanges,
  INSERT,
  insertValues,
  PRESENT,
  READ,
} from '../../src/storage/record-sql.ts';
import { ownDatabase } from '../support/database.ts';

const SMALL = 20;
const LARGE = 20_000;
const uuid = (): string => randomBytes(16).toString('hex');

/** The writes of one unit that uses every part of the statement. */
function writes(): Writes {
  const record = { kind: 'AccessToken', payload: '{}', accountId: 1, grantId: uuid(), lifetime: 60 };
  return {
    claims: [{ id: uuid(), answer: 'YQ==', successor: uuid(), lifetime: 60 }],
    inserts: [
      { ...record, id: uuid() },
      { ...record, id: uuid(), once: true },
    ],
    deletes: [uuid()],
    revocations: [{ grantId: uuid() }, { grantId: uuid(), codeId: uuid() }],
    changes: [],
    witness: undefined,
    created: [],
  };
}

describe('a plan that was made while the tables were small', () => {
  let database: Database;
  let client: pg.PoolClient;

  before(async () => {
    database = await ownDatabase();
    client = await database.records.connect();
  });

  after(async () => {
    if (!client) return;
    client.release();
    for (const table of ['records', 'counters']) {
      await database.knex.raw(`delete from ${table}`);
      await database.knex.raw(`alter table ${table} reset (autovacuum_enabled)`);
    }
  });

  /** The rows of `table` that one call of `work` reads without and with an index. */
  async function rowsRead(
    table: string,
    work: () => Promise<unknown>,
  ): Promise<{ all: number; found: number }> {
    const counted = async (): Promise<{ all: number; found: number }> => {
      const { rows } = await client.query(
        `select coalesce(sum(seq_tup_read), 0)::int as "all", coalesce(sum(idx_tup_fetch), 0)::int as found
        from pg_stat_xact_user_tables where relname = '${table}'`,
      );
      return rows[0] as { all: number; found: number };
    };
    await client.query('begin');
    // it may still include the rows of an earlier transaction
    const before = await counted();
    await work();
    const after = await counted();
    await client.query('rollback');
    return { all: after.all - before.all, found: after.found - before.found };
  }

  const fill: Record<string, (from: number, to: number) => Promise<unknown>> = {
    counters: (from, to) =>
      client.query(`insert into counters (key, count, resets_at)
        select sha256(n::text::bytea), 1, now() + interval '1 hour' from generate_series(${from}, ${to}) n`),
    records: (from, to) =>
      client.query(`insert into records (id, kind, payload, grant_id, expires_at)
        select md5(n::text)::uuid, 'AccessToken', '{}', md5('g' || n)::uuid, now() + interval '1 hour'
        from generate_series(${from}, ${to}) n`),
  };

  const calls: Record<string, [table: string, run: () => Promise<unknown>]> = {
    'taking from counters': [
      'counters',
      () =>
        client.query('select * from pratu_take($1, $2, $3, true)', [
          [randomBytes(32), randomBytes(32)],
          [5, 5],
          [60, 60],
        ]),
    ],
    'giving back to counters': [
      'counters',
      () => client.query('select pratu_give_back($1, true)', [[randomBytes(32), randomBytes(32)]]),
    ],
    'reading records': [
      'records',
      () => client.query({ name: 'read', text: READ, values: [[uuid(), uuid()]] }),
    ],
    'inserting records': [
      'records',
      () => client.query({ name: 'insert', text: INSERT, values: insertValues([{ writes: writes() }]) }),
    ],
    'committing records': [
      'records',
      () => client.query({ name: 'commit', text: COMMIT, values: commitValues([{ writes: writes() }]) }),
    ],
    'committing records with changes of other tables': [
      'records',
      () => {
        const changes = [{ text: 'delete from session_ids where id = $1::uuid', values: [uuid()] }];
        return client.query(commitWithChanges({ ...writes(), claims: [], changes }) as pg.QueryConfig);
      },
    ],
    'asking which records are there': [
      'records',
      () => client.query({ name: 'present', text: PRESENT, values: [[uuid()]] }),
    ],
  };

  for (const [what, [table, run]] of Object.entries(calls)) {
    it(`is right when they have grown: ${what}`, async function () {
      this.timeout(60_000);
      await client.query(`delete from ${table}`);
      await client.query(`alter table ${table} set (autovacuum_enabled = false)`);
      await fill[table]?.(1, SMALL);
      await client.query(`vacuum analyze ${table}`);
      // PL/pgSQL and the driver's named statements settle on a plan after some calls
      for (let time = 0; time < 7; time += 1) await rowsRead(table, run);
      await fill[table]?.(SMALL + 1, LARGE);
      const { all, found } = await rowsRead(table, run);
      expect(all).to.equal(0);
      expect(found).to.be.below(20);
    });
  }
});
