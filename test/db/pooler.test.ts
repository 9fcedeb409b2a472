import { expect } from 'chai';
import { pooledLimits, sessions, settings } from '../../src/bin/doctor/sessions.ts';
import { limitsOf } from '../../src/db/connection.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { databaseSentence } from '../../src/db/explain.ts';
import { migrate } from '../../src/db/migrate.ts';
import { runQuery } from '../../src/db/run-query.ts';
import { transaction } from '../../src/db/transaction.ts';
import { recordId } from '../../src/storage/record.ts';
import { records } from '../../src/storage/unit-of-work.ts';
import { testConfig } from '../support/config.ts';
import { eventually } from '../support/eventually.ts';
import { hasPgBouncer, type PostgresServer, pgBouncer, postgresServer } from '../support/postgres-servers.ts';

/** A small pool, so that sessions are scarce. A default PgBouncer has enough for the work of some processes. */
const POOL = ['default_pool_size = 4'];
const LIMIT_MS = 700;

if (hasPgBouncer) {
  describe('PgBouncer in transaction mode', function () {
    this.timeout(60_000);
    let server: PostgresServer;
    let url: string;
    let database: Database;

    const configured = async (pooler: 'none' | 'transaction') => ({
      ...(await testConfig()).database,
      url,
      pooler,
      statementTimeoutMs: LIMIT_MS,
      lockTimeoutMs: 900,
    });

    before(async () => {
      server = await postgresServer();
      // settings such as an administrator makes
      await server.sql(`alter role postgres set timezone = 'Asia/Bangkok'`);
      await server.sql(`alter role postgres set datestyle = 'German'`);
      url = `postgres://postgres@127.0.0.1:${await pgBouncer(server, POOL)}/postgres`;
      database = await openDatabase(await configured('transaction'));
    });
    after(async () => {
      await database.close();
      await server.kill();
    });

    const limit = async (db: Database['knex'], name: string): Promise<string> =>
      (await db.raw('select current_setting(?) as value', [name])).rows[0].value;

    it('is refused with the setting that it needs, without that', async () => {
      const other = await openDatabase(await configured('none'));
      try {
        const error = await other.knex.raw('select 1').catch((caught: unknown) => caught);
        expect(databaseSentence(error)).to.include('DATABASE_POOLER=transaction');
      } finally {
        await other.close();
      }
    });

    it('migrates, and again', async () => {
      expect(await migrate(database)).to.have.length.greaterThan(40);
      expect(await migrate(database)).to.deep.equal([]);
      expect(
        await server.sql(`select count(*)::int as n from pg_locks where locktype = 'advisory'`),
      ).to.deep.equal([{ n: 0 }]);
    });

    it('mixes up no statements of connections that share sessions', async () => {
      const query = runQuery(database);
      const store = records(database);
      const written = async (n: number): Promise<string | undefined> => {
        const id = recordId('AccessToken', `token ${n}`);
        const unit = store.unit();
        unit.insertOnce({ id, kind: 'AccessToken', payload: `{"n":${n}}`, lifetime: 60 });
        await unit.commit();
        return JSON.stringify((await store.find(id))?.payload);
      };
      const work = Array.from({ length: 60 }, (_, n) => [
        query<{ n: number }>('echo', 'select $1::int as n', [n]).then(({ rows }) =>
          expect(rows[0]?.n).to.equal(n),
        ),
        query<{ t: string }>('echo', 'select $1::text as t', [`t${n}`]).then(({ rows }) =>
          expect(rows[0]?.t).to.equal(`t${n}`),
        ),
        transaction(database.knex, async (tx) => {
          await tx.raw('select pg_sleep(0.002)');
          expect((await tx.raw('select ?::int as n', [n])).rows[0].n).to.equal(n);
        }),
        written(n).then((payload) => expect(payload).to.equal(`{"n":${n}}`)),
      ]).flat();
      await Promise.all(work);
    });

    it('keeps the limits in transactions, and leaves none in a session', async () => {
      await transaction(database.knex, async (tx) => {
        expect(await limit(tx, 'statement_timeout')).to.equal(`${LIMIT_MS}ms`);
        expect(await limit(tx, 'lock_timeout')).to.equal('900ms');
        expect(await limit(tx, 'idle_in_transaction_session_timeout')).to.equal(`${LIMIT_MS + 2000}ms`);
      });
      for (let session = 0; session < 8; session += 1)
        expect(await limit(database.knex, 'statement_timeout')).to.equal('0');
      const late = await transaction(database.knex, (tx) => tx.raw('select pg_sleep(5)')).catch(
        (caught: unknown) => caught,
      );
      expect(late).to.have.property('code', 'UNAVAILABLE');
      expect(late).to.have.nested.property('cause.code', '57014');
    });

    it('ends a wait outside of a transaction as well', async () => {
      const began = performance.now();
      const late = await database.knex.raw('select pg_sleep(5)').catch((caught: unknown) => caught);
      expect(late).to.have.property('code', 'UNAVAILABLE');
      expect(performance.now() - began).to.be.lessThan(4000);
    });

    it('is known to the doctor, with the limits that are missing', async () => {
      const limits = limitsOf(await configured('transaction'));
      // the exceeded limit left the circuit open for a moment
      await eventually(() => database.knex.raw('select 1'));
      expect(await sessions(database)).to.include({
        status: 'ok',
        message: 'a transaction pooler is in use, as configured',
      });
      expect((await settings(database)).message).to.equal('as required');
      const lacking = await pooledLimits(database, limits);
      expect(lacking).to.include({ status: 'warn' });
      expect(lacking.message).to.include('statement_timeout, lock_timeout');
      await server.sql(lacking.mend ?? '');
      // open sessions keep the settings with which they started
      await server.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pratu'`,
      );
      await eventually(async () => expect(await pooledLimits(database, limits)).to.include({ status: 'ok' }));
    });
  });
}
