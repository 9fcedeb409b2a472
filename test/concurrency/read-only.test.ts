import { expect } from 'chai';
import pg from 'pg';
import { connectionOf } from '../../src/db/connection.ts';
import { newPlace, type TestPlace } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { tokensByPassword } from '../support/sign-in.ts';

describe('a database that takes no writes for a while', () => {
  let place: TestPlace;
  let server: TestServer;

  before(async () => {
    place = await newPlace();
    const { url, dataDir } = place;
    server = await startServer({ database: { dataDir, ...(url ? { url } : {}) } });
  });
  after(() => server.stop());

  /** Sets whether new sessions may write, as a demotion does. Existing sessions end, or stay unchanged. */
  async function allowWrites(allowed: boolean, { ending }: { ending: boolean }): Promise<void> {
    const setting = `default_transaction_read_only = ${allowed ? 'off' : 'on'}`;
    const { embedded, knex } = server.database;
    if (embedded) {
      // one session for every connection
      await knex.raw(`set ${setting}`);
      return;
    }
    const admin = new pg.Client(connectionOf({ ...server.config.database, ...place }));
    await admin.connect();
    try {
      const { rows } = await admin.query<{ name: string }>('select current_database() as name');
      await admin.query('begin read write');
      await admin.query(`alter database "${rows[0]?.name}" set ${setting}`);
      await admin.query('commit');
      const others = 'from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
      if (ending) await admin.query(`select pg_terminate_backend(pid) ${others}`);
    } finally {
      await admin.end();
    }
  }

  const ready = async () => {
    const answer = await fetch(`${server.url}/ready`);
    return { status: answer.status, body: await answer.json() };
  };
  const signIn = () =>
    fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('service:service-secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });

  it('makes the server not ready and its writes 503, until it takes them again', async () => {
    expect((await ready()).status).to.equal(200);
    expect((await signIn()).status).to.equal(200);

    await allowWrites(false, { ending: true });
    // the old connections end asynchronously
    await eventually(async () => {
      expect(await ready()).to.deep.equal({
        status: 503,
        body: { status: 'unavailable', checks: { database: 'failed' } },
      });
    });
    const refused = await signIn();
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '1']);
    expect((await fetch(`${server.url}/live`)).status).to.equal(200);

    await allowWrites(true, { ending: false });
    await eventually(async () => expect((await ready()).status).to.equal(200));
    await eventually(async () => expect((await signIn()).status).to.equal(200));
    expect((await tokensByPassword(server.url)).access_token).to.be.a('string');
  });

  it('leaves no connection behind that still refuses', async () => {
    const { knex, embedded } = server.database;
    if (embedded) return;
    const connections = async (count: number, sql: string): Promise<unknown[]> => {
      const held = await Promise.all(Array.from({ length: count }, () => knex.client.acquireConnection()));
      const results = await Promise.all(
        held.map((connection) =>
          knex
            .raw(sql)
            .connection(connection)
            .catch((error: unknown) => error),
        ),
      );
      await Promise.all(held.map((connection) => knex.client.releaseConnection(connection)));
      return results;
    };
    const COUNT = 4;
    const WRITE = 'update versions set version = version where false';
    await connections(COUNT, 'set default_transaction_read_only = on');
    for (const error of await connections(COUNT, WRITE)) {
      expect(error).to.have.property('code', 'UNAVAILABLE');
    }
    for (const result of await connections(COUNT, WRITE)) expect(result).to.have.property('rowCount', 0);
  });
});
