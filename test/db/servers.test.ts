import { expect } from 'chai';
import { Client } from '../../src/db/client.ts';
import { connectionOf } from '../../src/db/connection.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { runQuery } from '../../src/db/run-query.ts';
import { requireWritable } from '../../src/db/writable.ts';
import { AppError } from '../../src/errors/app-error.ts';
import { inRequestContext } from '../../src/lib/request-context.ts';
import { testConfig } from '../support/config.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import {
  hasPostgresServer,
  type PostgresServer,
  postgresServer,
  standbyOf,
} from '../support/postgres-servers.ts';

if (hasPostgresServer) {
  describe('several PostgreSQL servers', function () {
    this.timeout(60_000);
    let one: PostgresServer;
    let two: PostgresServer;
    let opened: Database[] = [];

    before(async () => {
      one = await postgresServer();
      await one.sql('create table versions (version int)');
      two = await standbyOf(one);
    });
    afterEach(async () => {
      await Promise.all(opened.map((database) => database.close()));
      opened = [];
    });
    after(async () => {
      await two.kill();
      await one.kill();
    });

    const settings = async (url: string) => ({ ...(await testConfig()).database, url });
    const address = (hosts: string, query = ''): string => `postgres://postgres@${hosts}/postgres${query}`;
    const both = (): string => `127.0.0.1:${two.port},localhost:${one.port}`;

    async function open(url: string): Promise<Database> {
      const database = await openDatabase(await settings(url));
      opened.push(database);
      return database;
    }
    /** The port of the server that a new connection reaches. */
    async function portAt(url: string): Promise<number> {
      const client = new Client(connectionOf(await settings(url)));
      client.on('error', () => {});
      try {
        await client.connect();
        const { rows } = await client.query(`select current_setting('port')::int as port`);
        return (rows[0] as { port: number }).port;
      } finally {
        await client.end();
      }
    }
    const codeOf = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'ok',
        (error: { code?: string }) => error.code,
      );

    it('chooses by target_session_attrs, in the order of the hosts', async () => {
      const at = (target: string): Promise<number> =>
        portAt(address(both(), `?target_session_attrs=${target}`));
      expect(await portAt(address(both())), 'without a target').to.equal(one.port);
      expect(await at('read-write')).to.equal(one.port);
      expect(await at('primary')).to.equal(one.port);
      expect(await at('standby')).to.equal(two.port);
      expect(await at('read-only')).to.equal(two.port);
      expect(await at('any')).to.equal(two.port);
      expect(await at('prefer-standby')).to.equal(two.port);
      const alone = address(`127.0.0.1:${one.port}`, '?target_session_attrs=prefer-standby');
      expect(await portAt(alone), 'no standby').to.equal(one.port);
    });

    it('chooses among Unix sockets, by parameter and encoded', async () => {
      const ports = `${two.port},${one.port}`;
      expect(await portAt(address('', `?host=${two.folder},${one.folder}&port=${ports}`))).to.equal(one.port);
      const encoded = [two, one].map(({ folder, port }) => `${encodeURIComponent(folder)}:${port}`);
      expect(await portAt(address(encoded.join(',')))).to.equal(one.port);
      expect(await portAt(address('', `?host=${two.folder}&port=${two.port}`)), 'one').to.equal(two.port);
    });

    it('goes past hosts that refuse, do not resolve or do not answer', async () => {
      const closed = await freePort();
      const url = address(`127.0.0.1:${closed},nowhere.invalid,127.0.0.1:${two.port},127.0.0.1:${one.port}`);
      expect(await portAt(url)).to.equal(one.port);
      two.freeze();
      const began = performance.now();
      expect(await portAt(address(both()))).to.equal(one.port);
      expect(performance.now() - began).to.be.lessThan(2500);
      two.thaw();
    });

    it('reports the reason when no host is usable', async () => {
      const url = address(`127.0.0.1:${two.port}`, '?target_session_attrs=read-write');
      expect(await codeOf(portAt(url))).to.equal('ENOSERVER');
      const closed = await freePort();
      expect(await codeOf(portAt(address(`127.0.0.1:${closed},127.0.0.1:${two.port}`)))).to.equal(
        'ENOSERVER',
      );
      expect(await codeOf(portAt(address(`127.0.0.1:${closed},127.0.0.1:${closed}`)))).to.equal(
        'ECONNREFUSED',
      );
      const database = await open(url);
      expect(await codeOf(database.knex.raw('select 1'))).to.equal('UNAVAILABLE');
      expect(await codeOf(runQuery(database)('one', 'select 1', []))).to.equal('UNAVAILABLE');
    });

    it('drops all connections to a primary that became read-only, and finds the new one', async () => {
      const database = await open(address(both()));
      await requireWritable(database);
      // three connections of each pool are open
      await Promise.all([1, 2, 3].map(() => database.knex.raw('select pg_sleep(0.1)')));
      await Promise.all([1, 2, 3].map(() => database.records.query('select pg_sleep(0.1)')));
      await eventually(async () => {
        const [row] = await one.sql('select count(*)::int as streaming from pg_stat_replication');
        expect(row).to.deep.equal({ streaming: 1 });
      });
      await two.sql('select pg_promote()');
      await one.sql('alter system set default_transaction_read_only = on');
      await one.sql('select pg_reload_conf()');
      // idle sessions apply the settings at their next statement
      await eventually(async () =>
        expect(await codeOf(database.knex.raw('insert into versions values (1)'))).to.equal('UNAVAILABLE'),
      );
      await database.knex.raw('insert into versions values (2)');
      await runQuery(database)('insert', 'insert into versions values (3)', []);
      expect(await two.sql('select version from versions order by version')).to.deep.equal([
        { version: 2 },
        { version: 3 },
      ]);
      await eventually(async () => {
        const clients = `select count(*)::int as pratu from pg_stat_activity where application_name = 'pratu'`;
        expect(await one.sql(clients)).to.deep.equal([{ pratu: 0 }]);
      });
      await one.sql('alter system reset default_transaction_read_only');
      await one.sql('select pg_reload_conf()');
    });

    it('waits no longer than the limit of a request while none answers, and goes on with another one', async () => {
      const database = await open(address(`127.0.0.1:${two.port},127.0.0.1:${one.port}`));
      await database.knex.raw('select 1');
      const asked = async (): Promise<unknown> =>
        inRequestContext({ waiting: { limitMs: 3000 } }, () => codeOf(database.knex.raw('select 1')));
      two.freeze();
      one.freeze();
      const began = performance.now();
      expect(await asked()).to.equal('UNAVAILABLE');
      expect(await asked()).to.equal('UNAVAILABLE');
      expect(performance.now() - began).to.be.lessThan(9000);
      one.thaw();
      await eventually(async () => expect(await asked()).to.equal('ok'));
      two.thaw();
    });

    it('is a failure of the database, not of the program, when the only server is lost', async () => {
      const database = await open(address(`127.0.0.1:${two.port},127.0.0.1:${await freePort()}`));
      await database.knex.raw('select 1');
      await two.kill();
      const error = await database.knex.raw('select 1').catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(AppError).with.property('code', 'UNAVAILABLE');
    });
  });
}
