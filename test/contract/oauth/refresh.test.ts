import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { runStatement } from '../../../src/db/one-statement.ts';
import { sweeper } from '../../../src/domain/sweeping/sweep.ts';
import { recordId } from '../../../src/storage/record.ts';
import { prolong } from '../../../src/storage/record-sql.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { OFFLINE, refresh, tokensFor, userinfo } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const DAY = 86_400;

describe('refresh', () => {
  let server: TestServer;
  let client: TestClient;
  let open: TestClient;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
    open = await createClient(server, { token_endpoint_auth_method: 'none' });
  });

  const start = (of: TestClient, scope = 'openid offline_access') =>
    tokensFor(server, of, { ...OFFLINE, scope }, agent);

  const expectRefused = ({ status, body }: Awaited<ReturnType<typeof refresh>>, error = 'invalid_grant') =>
    expect([status, body.error]).to.deep.equal([400, error]);

  it('gives a new access token and an ID token of the same sign-in', async () => {
    const first = await start(client);
    await moveClock(server.database, 50);
    const { status, body } = await refresh(server, client, first.refresh_token);
    expect(status).to.equal(200);
    expect(body.access_token).to.not.equal(first.access_token);
    expect(body.token_type).to.equal('Bearer');
    const [before, after] = [first, body].map(({ id_token = '' }) => decodeJwt(id_token));
    for (const claim of ['iss', 'sub', 'aud', 'auth_time', 'acr']) {
      expect(after?.[claim], claim).to.equal(before?.[claim]);
    }
    expect(after?.iat).to.be.above(before?.iat ?? Number.POSITIVE_INFINITY);
    expect((await userinfo(server, body.access_token)).status).to.equal(200);
  });

  it('leaves a confidential client its token, and gives a public one a new one', async () => {
    const [own, changing] = [await start(client), await start(open)];
    expect((await refresh(server, client, own.refresh_token)).body.refresh_token).to.equal(own.refresh_token);
    expect((await refresh(server, client, own.refresh_token)).status).to.equal(200);
    const { body } = await refresh(server, open, changing.refresh_token);
    expect(body.refresh_token).to.be.a('string').and.not.equal(changing.refresh_token);
  });

  it('is refused to another client', async () => {
    const { refresh_token } = await start(client);
    expectRefused(await refresh(server, await createClient(server), refresh_token));
    expect((await refresh(server, client, refresh_token)).status).to.equal(200);
  });

  it('grants less on request, and never more', async () => {
    const { refresh_token } = await start(client, 'openid email offline_access');
    const less = await refresh(server, client, refresh_token, { scope: 'openid' });
    expect([less.status, less.body.scope]).to.deep.equal([200, 'openid']);
    const more = await refresh(server, client, refresh_token, { scope: 'openid email phone' });
    expectRefused(more, 'invalid_scope');
    expect((await refresh(server, client, refresh_token)).body.scope).to.include('email');
  });

  it('is not for a client that may not, or a request without offline_access', async () => {
    expect(await tokensFor(server, client, { scope: 'openid' }, agent)).to.not.have.property('refresh_token');
    const never = await createClient(server, { grant_types: ['authorization_code'] });
    expect(await start(never)).to.not.have.property('refresh_token');
  });

  describe('by a public client, a second time', () => {
    it('gives the same answer, byte for byte, within a minute', async () => {
      const { refresh_token = '' } = await start(open);
      const fields = { grant_type: 'refresh_token', client_id: open.id, refresh_token };
      const post = () =>
        fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
      const first = await post();
      await moveClock(server.database, 5);
      const second = await post();
      expect(second.status).to.equal(200);
      expect(await second.text()).to.equal(await first.text());
      for (const name of ['content-type', 'cache-control', 'pragma']) {
        expect(second.headers.get(name), name).to.equal(first.headers.get(name));
      }
    });

    it('kills the family later than that', async () => {
      const { refresh_token, access_token } = await start(open);
      const { body } = await refresh(server, open, refresh_token);
      await moveClock(server.database, 61);
      expectRefused(await refresh(server, open, refresh_token));
      expectRefused(await refresh(server, open, body.refresh_token));
      for (const token of [access_token, body.access_token]) {
        expect((await userinfo(server, token)).status).to.equal(401);
      }
    });

    it('leaves no response behind when it can no longer be repeated', async () => {
      const { knex } = server.database;
      await knex('refresh_answers').delete();
      const { refresh_token } = await start(open);
      const { body } = await refresh(server, open, refresh_token);
      const sweep = sweeper({ db: knex, size: 500, auditDays: 400 });
      await sweep();
      expect(await knex('refresh_answers')).to.have.length(1);
      await moveClock(server.database, 61);
      expect((await sweep()).refresh_answers).to.equal(1);
      // reuse is still detected
      expectRefused(await refresh(server, open, refresh_token));
      expectRefused(await refresh(server, open, body.refresh_token));
    });

    it('kills it once the successor was used, or when something else is asked for', async () => {
      const used = await start(open);
      const { body: successor } = await refresh(server, open, used.refresh_token);
      const { body: latest } = await refresh(server, open, successor.refresh_token);
      expectRefused(await refresh(server, open, used.refresh_token));
      expectRefused(await refresh(server, open, latest.refresh_token));

      const changed = await start(open, 'openid email offline_access');
      await refresh(server, open, changed.refresh_token);
      expectRefused(await refresh(server, open, changed.refresh_token, { scope: 'openid' }));
    });
  });

  it('records the reuse of a token by simultaneous requests that differ', async () => {
    const reuses = async () => ({
      events: (await server.database.knex('audit').where({ event: 'refresh.reused', client_id: open.id }))
        .length,
      counted: Number(
        /^pratu_refresh_token_reuses_total (\d+)$/m.exec(await server.metrics.registry.metrics())?.[1],
      ),
    });
    for (let round = 0; round < 5; round += 1) {
      const { refresh_token } = await start(open, 'openid email offline_access');
      const before = await reuses();
      const answers = await Promise.all(
        ['openid', 'openid email'].map((scope) => refresh(server, open, refresh_token, { scope })),
      );
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
      const after = await reuses();
      expect([after.events - before.events, after.counted - before.counted]).to.deep.equal([1, 1]);
    }
  });

  it('is over after thirty idle days, for good', async () => {
    const { refresh_token } = await start(client);
    await moveClock(server.database, 30 * DAY + 60);
    expectRefused(await refresh(server, client, refresh_token));
  });

  it('is over after 180 days, however often it was used', async () => {
    let { refresh_token } = await start(open);
    for (let day = 0; day < 174; day += 29) {
      await moveClock(server.database, 29 * DAY);
      const { status, body } = await refresh(server, open, refresh_token);
      expect(status, `after ${day + 29} days`).to.equal(200);
      refresh_token = body.refresh_token;
    }
    await moveClock(server.database, 7 * DAY);
    expectRefused(await refresh(server, open, refresh_token));
  });

  describe('by a client whose token stays the same', () => {
    const used = async (token: string | undefined, day: number) => {
      const { status, body } = await refresh(server, client, token);
      expect([status, body.refresh_token], `on day ${day}`).to.deep.equal([200, token]);
    };

    it('restarts the thirty days, and is over after 180 days', async () => {
      const { refresh_token } = await start(client);
      for (const day of [20, 40, 60, 80, 100, 120, 140, 160, 170]) {
        await moveClock(server.database, (day > 160 ? 10 : 20) * DAY);
        // expired rows are removed, as in operation
        await sweeper({ db: server.database.knex, size: 500, auditDays: 400 })();
        await used(refresh_token, day);
      }
      await moveClock(server.database, 9 * DAY);
      await used(refresh_token, 179);
      await moveClock(server.database, DAY + 60);
      expectRefused(await refresh(server, client, refresh_token));
    });

    it('is over when it was not used for 31 days since', async () => {
      const { refresh_token } = await start(client);
      await moveClock(server.database, 20 * DAY);
      await used(refresh_token, 20);
      await moveClock(server.database, 31 * DAY);
      expectRefused(await refresh(server, client, refresh_token));
    });

    it('writes no row within a day of the last extension', async () => {
      const { refresh_token } = await start(client);
      const id = recordId('RefreshToken', refresh_token ?? '');
      const expiry = async () => {
        const [row] = await server.database.knex('records').where({ id });
        return [row.expires_at.getTime() / 1000, row.payload.exp];
      };
      const first = await expiry();
      await moveClock(server.database, DAY - 60);
      await used(refresh_token, 0);
      expect(await expiry()).to.deep.equal(first);
      await moveClock(server.database, 120);
      await used(refresh_token, 1);
      const moved = (await expiry()).map((time, n) => time - first[n]);
      expect(moved[0])
        .to.be.within(DAY + 55, DAY + 90)
        .and.equal(moved[1]);
    });

    it('works for simultaneous requests', async () => {
      const { refresh_token } = await start(client);
      await moveClock(server.database, 20 * DAY);
      await Promise.all(Array.from({ length: 5 }, () => used(refresh_token, 20)));
      await moveClock(server.database, 20 * DAY);
      await used(refresh_token, 40);
    });

    it('does not bring back a token that was revoked during the request', async () => {
      const { refresh_token } = await start(client);
      const id = recordId('RefreshToken', refresh_token ?? '');
      await server.database.knex('records').where({ id }).delete();
      await runStatement(server.database.knex, prolong(id, 4_000_000_000));
      expect(await server.database.knex('records').where({ id })).to.deep.equal([]);
    });

    it('outlives the days that its session had left when it began', async () => {
      const browser = new BrowserAgent();
      await tokensFor(server, client, OFFLINE, browser);
      for (let day = 0; day < 13; day += 1) {
        await moveClock(server.database, DAY * 0.9);
        await tokensFor(server, client, { scope: 'openid' }, browser);
      }
      const { refresh_token } = await tokensFor(server, client, OFFLINE, browser);
      for (let day = 0; day < 174; day += 29) {
        await moveClock(server.database, 29 * DAY);
        await sweeper({ db: server.database.knex, size: 500, auditDays: 400 })();
        await used(refresh_token, day + 29);
      }
    });
  });
});
