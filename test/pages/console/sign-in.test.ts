import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { resetClock, setClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { SOMCHAI, signInOnPages } from '../../support/sign-in.ts';
import { Operator, operator, person, type Seen } from './operator.ts';

describe('the sign-in to the console', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  afterEach(() => resetClock());

  after(() => server.stop());

  const admin = async (): Promise<Operator> => new Operator(server.url, await person(server, 'admin'));

  const events = async (id: number): Promise<string[]> => {
    const { data } = await server.domain.auditSearch.page({ accountId: id }, { limit: 50 });
    return data.map(({ event, actor }) => `${event} ${actor}`);
  };

  const requestOf = ({ next }: Seen): URLSearchParams => new URL(next).searchParams;

  it('is an authorization request with PKCE, state and a prompt for credentials', async () => {
    const one = await admin();
    const { status, next } = await one.open('/console/accounts');
    expect(status).to.equal(303);
    expect(next).to.match(new RegExp(`^${server.url}/oauth/authorize\\?`));
    const request = Object.fromEntries(new URL(next).searchParams);
    expect(request).to.include({
      client_id: 'console',
      response_type: 'code',
      scope: 'openid',
      prompt: 'login',
      redirect_uri: `${server.url}/console/callback`,
      code_challenge_method: 'S256',
    });
    expect(request.state).to.match(/^[\w-]{43}$/);
    expect(request.code_challenge).to.match(/^[\w-]{43}$/);
    const again = requestOf(await one.open('/console/accounts'));
    expect(again.get('state')).to.not.equal(request.state);
    expect(again.get('code_challenge')).to.not.equal(request.code_challenge);
  });

  it('leads back to the page that was opened, and is in the audit log', async () => {
    const one = await admin();
    const { status, page } = await one.signIn('/console/audit?event=sign_in.failed');
    expect(status).to.equal(200);
    expect(one.agent.location).to.equal(`${server.url}/console/audit?event=sign_in.failed`);
    expect(page).to.include('name="event"');
    expect(await events(one.id)).to.include(`console.signed_in operator:${one.id}`);
  });

  it('gives a cookie that scripts cannot read and other paths do not get', async () => {
    const one = await admin();
    const shown = await one.follow('/console');
    const uid = /\/interaction\/([\w-]+)\//.exec(shown.page)?.[1];
    const answer = await one.agent.submit(
      `/interaction/${uid}/login`,
      { login: '', password: '' },
      shown.page,
    );
    const before = new Map(one.agent.cookies);
    await one.authenticate({ ...shown, page: await answer.text() });
    expect(before.has('console')).to.equal(false);
    const cookie = one.agent.cookies.get('console');
    expect(cookie?.path).to.equal('/console');
    expect(cookie?.value).to.match(/^[\w-]{43}$/);
    const row = await server.database.knex('console_sessions').where({ account_id: one.id }).first();
    expect(JSON.stringify(row)).to.not.include(cookie?.value);
    expect(one.agent.cookies.has('console-sign-in'), 'what the sign-in needed is gone').to.equal(false);
  });

  it('ignores a session that the browser was given before: each sign-in has a new one', async () => {
    const one = await admin();
    const planted = 'p'.repeat(43);
    one.agent.setCookie('console', planted, '/console');
    await one.signIn();
    const first = one.agent.cookies.get('console')?.value;
    expect(first).to.not.equal(planted);
    await one.agent.request(`${server.url}/console`);
    const before = new Operator(server.url, one);
    before.agent.setCookie('console', first ?? '', '/console');
    expect((await before.open('/console')).status).to.equal(200);
    // a second sign-in in the same browser ends the first session
    await setClock(server.database, 400);
    const { next } = await one
      .open('/console/operators')
      .then(() => one.send('/console/operators', { account: one.email, role: 'admin' }));
    await one.authenticate(await one.follow(next));
    expect(one.agent.cookies.get('console')?.value).to.not.equal(first);
    expect((await before.open('/console')).status).to.equal(303);
  });

  it('asks a customer who is signed in at the browser, and refuses them', async () => {
    const agent = new BrowserAgent();
    const one = new Operator(server.url, await person(server), agent);
    await one.authenticate(await one.follow('/account'));
    const shown = await one.follow('/console');
    expect(shown.page).to.include('name="password"');
    const { status, page } = await one.authenticate(shown);
    expect(status).to.equal(403);
    expect(page).to.include('href="/console"');
    expect(agent.cookies.has('console')).to.equal(false);
    expect(await events(one.id)).to.include(`console.refused account:${one.id}`);
  });

  it('ends when it is cancelled', async () => {
    const one = await admin();
    const shown = await one.follow('/console');
    const uid = /\/interaction\/([\w-]+)\//.exec(shown.page)?.[1];
    const answer = await one.agent.submit(`/interaction/${uid}/abort`, {}, shown.page);
    expect(answer.status).to.equal(200);
    expect(one.agent.location).to.match(/\/console\/callback\?error=access_denied/);
    expect(one.agent.cookies.has('console')).to.equal(false);
  });

  describe('takes an answer', () => {
    /** Signs in. Returns the URL that the browser would open next. */
    async function answered(one: Operator): Promise<URL> {
      const shown = await one.follow('/console');
      const uid = /\/interaction\/([\w-]+)\//.exec(shown.page)?.[1];
      const hidden = /name="csrf" value="([^"]+)"/.exec(shown.page)?.[1] ?? '';
      let answer = await one.agent.request(`/interaction/${uid}/login`, {
        method: 'POST',
        body: new URLSearchParams({ csrf: hidden, login: one.email, password: 'violet-harbour-lantern' }),
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      for (;;) {
        const next = new URL(answer.headers.get('location') ?? '', server.url);
        if (next.pathname === '/console/callback') return next;
        answer = await one.agent.request(next.href);
      }
    }

    const isSignedIn = async (one: Operator): Promise<boolean> => (await one.open('/console')).status === 200;

    it('only at the browser that asked', async () => {
      const [one, other] = [await admin(), await admin()];
      const callback = await answered(one);
      await other.open('/console');
      const { status, next } = await other.open(`/console/callback${callback.search}`);
      expect([status, next]).to.deep.equal([303, '/console']);
      expect(await isSignedIn(other)).to.equal(false);
    });

    it('only with its own state', async () => {
      const one = await admin();
      const callback = await answered(one);
      for (const state of [undefined, '', 'x'.repeat(43)]) {
        callback.searchParams.delete('state');
        if (state !== undefined) callback.searchParams.set('state', state);
        expect((await one.open(callback.pathname + callback.search)).next, state).to.equal('/console');
        expect(one.agent.cookies.has('console')).to.equal(false);
      }
    });

    it('once', async () => {
      const one = await admin();
      const callback = await answered(one);
      const cookies = new Map(one.agent.cookies);
      const answers = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const agent = new BrowserAgent();
          for (const [name, { value, path }] of cookies) agent.setCookie(name, value, path);
          return (await agent.request(callback.href)).status === 303 && agent.cookies.has('console');
        }),
      );
      expect(answers.filter((began) => began)).to.have.length(1);
      const { count } = (await server.database
        .knex('console_sessions')
        .where({ account_id: one.id })
        .count()
        .first()) as { count: number };
      expect(Number(count)).to.equal(1);
    });

    it('with a code of this client only', async () => {
      const one = await admin();
      const { next } = await one.open('/console');
      const request = new URL(next);
      request.searchParams.set('client_id', 'spa');
      request.searchParams.set('redirect_uri', 'http://localhost:8080/cb');
      const state = request.searchParams.get('state') ?? '';
      const back = await signInOnPages(one.agent, request.href, {
        login: one.email,
        password: 'violet-harbour-lantern',
      });
      const code = back.searchParams.get('code') ?? '';
      expect(code).to.not.equal('');
      const { status } = await one.open(`/console/callback?${new URLSearchParams({ code, state })}`);
      expect(status).to.equal(303);
      expect(one.agent.cookies.has('console')).to.equal(false);
    });

    it('not after a quarter of an hour', async () => {
      const one = await admin();
      const callback = await answered(one);
      await setClock(server.database, 901);
      expect((await one.open(callback.pathname + callback.search)).next).to.equal('/console');
      expect(one.agent.cookies.has('console')).to.equal(false);
    });

    it('without a code as a bad request', async () => {
      const one = await admin();
      const state = requestOf(await one.open('/console')).get('state') ?? '';
      const { status } = await one.open(`/console/callback?${new URLSearchParams({ state })}`);
      expect(status).to.equal(400);
    });
  });

  it('is not a sign-in of the account area, nor the other way round', async () => {
    const one = await operator(server, 'admin');
    const alone = new BrowserAgent();
    alone.setCookie('console', one.agent.cookies.get('console')?.value ?? '', '/');
    const account = await alone.request(`${server.url}/account`);
    expect(account.status).to.equal(303);
    expect(account.headers.get('location')).to.include('/oauth/authorize');
    for (const path of ['/oauth/userinfo', '/admin/v1/overview', '/admin/v1/operators'])
      expect((await alone.request(server.url + path)).status, path).to.equal(401);
    const customer = new Operator(server.url, await person(server));
    await customer.authenticate(await customer.follow('/account'));
    expect((await customer.open('/account')).status).to.equal(200);
    for (const [name, { value }] of customer.agent.cookies) {
      const forged = new BrowserAgent();
      forged.setCookie('console', value, '/console');
      expect((await forged.request(`${server.url}/console`)).status, name).to.equal(303);
    }
  });

  it('is for the demonstration operator in development, not for the demonstration account', async () => {
    const one = new Operator(server.url, { id: 0, email: SOMCHAI.login });
    const shown = await one.follow('/console');
    const uid = /\/interaction\/([\w-]+)\//.exec(shown.page)?.[1];
    const answer = await one.agent.submit(`/interaction/${uid}/login`, SOMCHAI, shown.page);
    expect(answer.status).to.equal(403);
  });
});
