import { expect } from 'chai';
import { replicaChecks } from '../../src/bin/doctor/replica.ts';
import { type Database, type Db, openDatabase } from '../../src/db/database.ts';
import { AppError } from '../../src/errors/app-error.ts';
import { metrics } from '../../src/http/metrics.ts';
import { testConfig } from '../support/config.ts';
import { eventually } from '../support/eventually.ts';
import {
  hasPostgresServer,
  type PostgresServer,
  postgresServer,
  standbyOf,
} from '../support/postgres-servers.ts';

const MAX_LAG_MS = 400;

if (hasPostgresServer) {
  describe('a replica for reads that may lag', function () {
    this.timeout(60_000);
    let primary: PostgresServer;
    let standby: PostgresServer;
    let database: Database;
    const heard: boolean[] = [];

    before(async () => {
      primary = await postgresServer();
      standby = await standbyOf(primary);
      await primary.sql('create table notes (n int)');
      database = await openDatabase({
        ...(await testConfig()).database,
        url: `postgres://postgres@127.0.0.1:${primary.port}/postgres`,
        readUrl: `postgres://postgres@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`,
        readMaxLagMs: MAX_LAG_MS,
      });
      database.replica?.onChange(({ used }) => heard.push(used));
    });
    after(async () => {
      await database.close();
      await standby.kill();
      await primary.kill();
    });

    const portOf = async (db: Db): Promise<number> =>
      Number((await db.raw(`select current_setting('port') as port`)).rows[0].port);
    const readsAt = (): Promise<number> => database.lagging(portOf);
    const isUsed = (used: boolean): Promise<void> =>
      eventually(async () => expect((await database.replica?.measure())?.used).to.equal(used));
    const doctor = async (): Promise<string[]> =>
      (await replicaChecks(database, MAX_LAG_MS)).map(({ status, message }) => `${status} ${message}`);
    async function numbers(): Promise<string> {
      const all = metrics({ version: '1.2.3' });
      if (database.replica) all.watchReplica(database.replica.state);
      return all.registry.metrics();
    }

    it('serves lists while it follows', async () => {
      await isUsed(true);
      expect(await readsAt()).to.equal(standby.port);
      expect(await portOf(database.knex), 'everything else').to.equal(primary.port);
      expect(await doctor()).to.deep.equal(['ok answers, 0.0 s behind']);
      expect(await numbers())
        .to.match(/^pratu_replica_unused 0$/m)
        .and.match(/^pratu_replica_lag_seconds 0$/m);
    });

    it('leaves them to the primary while it lags too far', async () => {
      await standby.sql('select pg_wal_replay_pause()');
      await eventually(async () => {
        await primary.sql('insert into notes values (1)');
        expect((await database.replica?.measure())?.used).to.equal(false);
      });
      expect(await readsAt()).to.equal(primary.port);
      expect((await doctor())[0]).to.match(/^warn (is [\d.]+ s behind|.*replays nothing); lists are read/);
      expect(await numbers()).to.match(/^pratu_replica_unused 1$/m);
      await standby.sql('select pg_wal_replay_resume()');
      await isUsed(true);
      expect(await readsAt()).to.equal(standby.port);
      expect(heard).to.deep.equal([true, false, true]);
    });

    it('leaves a read to the primary that it does not answer, and those after it', async () => {
      standby.freeze();
      expect(await readsAt()).to.equal(primary.port);
      expect(database.replica?.state()).to.deep.equal({ lagMs: undefined, used: false });
      standby.thaw();
      await isUsed(true);
    });

    it('passes on errors of the request itself', async () => {
      let times = 0;
      const error = await database
        .lagging(async () => {
          times += 1;
          throw new AppError('INVALID_CURSOR', { field: 'after' });
        })
        .catch((caught: unknown) => caught);
      expect(error).to.have.property('code', 'INVALID_CURSOR');
      expect(times).to.equal(1);
      expect(database.replica?.state().used).to.equal(true);
    });

    it('reads at the primary, also by the same address, when it is lost', async () => {
      await standby.kill();
      expect(await readsAt()).to.equal(primary.port);
      // of the two hosts, only the primary is left
      await isUsed(true);
      expect(await readsAt()).to.equal(primary.port);
    });
  });
}
