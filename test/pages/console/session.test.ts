import { expect } from 'chai';
import Koa from 'koa';
import { sweeper } from '../../../src/domain/sweeping/sweep.ts';
import { consoleCookie } from '../../../src/pages/console/console-cookie.ts';
import { serve, stopAll } from '../../http/serve.ts';
import { resetClock, setClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { Operator, operator, person } from './operator.ts';

const HOUR = 3600;

describe('a session of the console', () => {
  let server: TestServer;
  let other: TestServer;

  before(async () => {
    server = await startServer();
    // another process of the deployment
    other = await startServer({ server: { issuer: server.url } });
  });

  afterEach(() => resetClock());

  after(async () => {
    await other.stop();
    await server.stop();
  });

  /** The statuses of both processes for the operator's cookie. */
  async function statuses(one: Operator): Promise<number[]> {
    const cookie = `console=${one.agent.cookies.get('console')?.value}`;
    return Promise.all(
      [server.url, `http://localhost:${other.config.server.port}`].map(async (url) => {
        const answer = await fetch(`${url}/console`, { redirect: 'manual', headers: { cookie } });
        return answer.status;
      }),
    );
  }

  it('is known to every process', async () => {
    expect(await statuses(await operator(server, 'viewer'))).to.deep.equal([200, 200]);
  });

  const endings: Record<string, (id: number) => Promise<unknown>> = {
    'the role is removed': (id) => server.domain.operators.remove(id),
    'the account is suspended': (id) => server.domain.lifecycle.suspend(id),
    'the account is deleted': (id) => server.domain.lifecycle.remove(id),
    'the account is signed out everywhere': (id) => server.domain.lifecycle.signOutEverywhere(id),
    'its generation is raised': (id) =>
      server.database.knex('accounts').where({ id }).increment('generation', 1),
  };
  for (const [what, end] of Object.entries(endings))
    it(`ends in every process at once when ${what}`, async () => {
      const one = await operator(server, 'support');
      expect(await statuses(one)).to.deep.equal([200, 200]);
      await end(one.id);
      expect(await statuses(one)).to.deep.equal([303, 303]);
    });

  it('does not come back with the role, or when the account is active again', async () => {
    const [removed, suspended] = [await operator(server, 'viewer'), await operator(server, 'viewer')];
    await server.domain.operators.remove(removed.id);
    await server.domain.operators.add(removed.id, 'admin');
    await server.domain.lifecycle.suspend(suspended.id);
    await server.domain.lifecycle.activate(suspended.id);
    for (const one of [removed, suspended]) expect(await statuses(one)).to.deep.equal([303, 303]);
  });

  it('has the role that its operator has now', async () => {
    const one = await operator(server, 'viewer');
    expect((await one.open('/console/operators')).status).to.equal(403);
    await server.domain.operators.add(one.id, 'admin');
    expect((await one.open('/console/operators')).status).to.equal(200);
    await server.domain.operators.add(one.id, 'support');
    expect((await one.open('/console/operators')).status).to.equal(403);
  });

  it('lasts twelve hours from the authentication, however often it is used', async () => {
    const one = await operator(server, 'viewer');
    for (const hours of [4, 8, 11.9]) {
      await setClock(server.database, hours * HOUR);
      expect((await one.open('/console')).status, `${hours} hours`).to.equal(200);
    }
    await setClock(server.database, 12 * HOUR + 60);
    const { status, next } = await one.open('/console');
    expect(status).to.equal(303);
    expect(next).to.include('prompt=login');
    expect((await one.signIn()).status).to.equal(200);
  });

  it('is counted from the authentication, not from the answer to the sign-in', async () => {
    const one = await operator(server, 'viewer');
    const row = await server.database.knex('console_sessions').where({ account_id: one.id }).first();
    const seconds = (row.expires_at.getTime() - row.authenticated_at.getTime()) / 1000;
    expect(seconds).to.equal(12 * HOUR);
  });

  it('is swept when it is over', async () => {
    const one = await operator(server, 'viewer');
    await setClock(server.database, 13 * HOUR);
    await sweeper({ db: server.database.knex, size: 1000, auditDays: 400 })(new AbortController().signal);
    const rows = await server.database.knex('console_sessions').where({ account_id: one.id });
    expect(rows).to.have.length(0);
  });

  it('ends with the sign-out, which is in the audit log and no link', async () => {
    const one = await operator(server, 'support');
    await one.open('/console');
    const copy = `console=${one.agent.cookies.get('console')?.value}`;
    expect((await one.open('/console/sign-out')).status).to.be.oneOf([404, 405]);
    await one.open('/console');
    const { status, page } = await one.send('/console/sign-out');
    expect(status).to.equal(200);
    expect(page).to.include('href="/console"');
    expect(one.agent.cookies.has('console')).to.equal(false);
    const again = await fetch(`${server.url}/console`, { redirect: 'manual', headers: { cookie: copy } });
    expect(again.status).to.equal(303);
    const { data } = await server.domain.auditSearch.page(
      { accountId: one.id, event: 'console.signed_out' },
      { limit: 5 },
    );
    expect(data.map(({ actor }) => actor)).to.deep.equal([`operator:${one.id}`]);
  });

  it('leaves the sign-out alone when it comes from elsewhere', async () => {
    const one = await operator(server, 'support');
    await one.open('/console');
    expect((await one.send('/console/sign-out', { csrf: 'x' })).status).to.equal(403);
    expect((await one.send('/console/sign-out', {}, { 'sec-fetch-site': 'cross-site' })).status).to.equal(
      403,
    );
    expect((await one.open('/console')).status).to.equal(200);
  });

  it('accepts nothing that is not a session', async () => {
    for (const value of ['', 'x', 'x'.repeat(43), 'x'.repeat(4000), "'; drop table accounts; --"]) {
      const one = new Operator(server.url, { id: 0, email: '' });
      one.agent.setCookie('console', encodeURIComponent(value), '/console');
      expect((await one.open('/console')).status, value.slice(0, 50)).to.equal(303);
    }
  });
});

describe('the cookie of the console', () => {
  afterEach(stopAll);

  const written = async (secure: boolean): Promise<string> => {
    const app = new Koa();
    // as behind a proxy that uses HTTPS
    app.proxy = true;
    app.use((ctx) => {
      consoleCookie({ secure }).write(ctx, 'c'.repeat(43));
      ctx.body = '';
    });
    const { port } = await serve(app);
    const answer = await fetch(`http://127.0.0.1:${port}`, { headers: { 'x-forwarded-proto': 'https' } });
    return answer.headers.getSetCookie().join('\n');
  };

  it('is for the console only, out of reach of scripts and of other sites, and ends with the browser', async () => {
    expect((await written(true)).split('; ')).to.have.members([
      `__Secure-console=${'c'.repeat(43)}`,
      'path=/console',
      'samesite=lax',
      'secure',
      'httponly',
    ]);
    expect(await written(false)).to.match(/^console=/);
  });
});

describe('a console that requires a second factor', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer({ console: { secondFactor: 'required' } });
  });

  after(() => server.stop());

  it('requests one, and refuses a sign-in with a password alone', async () => {
    const { id, email } = await person(server, 'admin');
    // no code can be sent to a person without a verified contact
    await server.database.knex('contacts').where({ account_id: id }).update({ verified_at: null });
    const one = new Operator(server.url, { id, email });
    expect((await one.open('/console')).next).to.include('acr_values=urn%3Apratu%3Aacr%3Amfa');
    const { status, page } = await one.signIn();
    expect(status).to.equal(403);
    expect(page).to.include('second factor');
    expect(one.agent.cookies.has('console')).to.equal(false);
  });

  it('takes one with two factors, and ends a session from before the setting', async () => {
    const { id } = await person(server, 'admin');
    const session = (amr: readonly string[]) =>
      server.domain.consoleSessions.begin({ accountId: id, generation: 1, authenticatedAt: new Date(), amr });
    const open = async (amr: readonly string[]): Promise<number> => {
      const one = new Operator(server.url, { id, email: '' });
      one.agent.setCookie('console', (await session(amr)) ?? '', '/console');
      return (await one.open('/console')).status;
    };
    expect(await open(['pwd', 'otp', 'mfa'])).to.equal(200);
    expect(await open(['pwd'])).to.equal(303);
  });
});
