import { expect } from 'chai';
import { newContacts, PASSWORD, somebody, type Visitor } from '../pages/account/visitor.ts';
import { begin, newClient, post } from '../pages/interaction-steps.ts';
import { moveClock } from '../support/clock.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { byGrant, type Owner, type Way, waysToConfirm, waysToSignIn } from './ways.ts';

/** The time after which a sign-in no longer replaces the password: five minutes. */
const STALE_SECONDS = 301;
const CARD = 'the password grant by card number';
const WRONG = 'wrong-password';

/** The error of a response: the value of its API, or for a page, whether it shows an error. */
async function wordOf(answer: Response): Promise<unknown> {
  const isPage = answer.headers.get('content-type')?.startsWith('text/html');
  return isPage ? /id="error-\d+"/.test(await answer.text()) : (await answer.json()).error;
}

describe('every way to have a password verified', () => {
  let server: TestServer;
  let person: Visitor;
  let owner: Owner;
  let ways: Way[];

  before(async () => {
    server = await startServer();
    person = await (await somebody(server)).signIn();
    const account = await person.account();
    const known = {
      mobile: person.mobile,
      email: person.email,
      card: `0001${String(account?.card?.id).padStart(12, '0')}`,
      password: PASSWORD,
    };
    const signIns = waysToSignIn(known);
    const bodyOf = async (name: string) => {
      const way = signIns.find((one) => one.name.includes(name)) as Way;
      return (await way.ask(server.url, PASSWORD)).json();
    };
    owner = {
      ...known,
      customerToken: (await bodyOf('grant by mobile')).access_token,
      selfServiceToken: (await bodyOf('Self-service')).token,
    };
    await newClient(server);
    ways = [...signIns, loginPage(), ...waysToConfirm(owner), ...accountPages()];
  });

  beforeEach(async () => {
    await forgetCounts(server.database);
    // every guess comes from a stranger, which has no attempts but the account's
    await server.database.knex('sign_in_origins').delete();
    await moveClock(server.database, STALE_SECONDS);
  });

  after(() => server.stop());

  function loginPage(): Way {
    return {
      name: 'the login page',
      wrong: 400,
      ask: async (_url, password) => post(await begin(server), 'login', { login: person.email, password }),
    };
  }

  /** The steps of My account that require the current password. */
  function accountPages(): Way[] {
    const forms = [
      ['/account/password', { password: 'staple-gun-orchestra' }],
      ['/account/email', { email: 'next@example.com' }],
      ['/account/mobile', { mobile: newContacts().mobile }],
    ] as const;
    return forms.map(([path, fields]) => ({
      name: `the page ${path}`,
      wrong: 400,
      async ask(_url, currentPassword) {
        const { status, headers, page } = await person.send(path, { ...fields, currentPassword });
        return new Response(page, { status, headers });
      },
    }));
  }

  const grant = (password: string): Promise<Response> =>
    byGrant('mobile', person.mobile).ask(server.url, password);

  async function expectToWait(answer: Response, name: string, seconds: number): Promise<void> {
    expect(answer.status, name).to.equal(429);
    expect(Number(answer.headers.get('retry-after')), name).to.be.within(1, seconds);
    const word = await wordOf(answer);
    expect(word, name).to.be.oneOf([
      'temporarily_unavailable',
      'too_many_attempts',
      'Too many attempts. Try again later.',
      true,
    ]);
  }

  it('takes from one counter of the account, and is refused when that is empty', async function () {
    this.timeout(120_000);
    const { perAccount, windowSeconds } = server.config.attempts;
    const others = ways.filter(({ name }) => name !== CARD);
    expect([ways.length, others.length]).to.deep.equal([15, 14]);
    for (const way of others) {
      await forgetCounts(server.database);
      expect((await way.ask(server.url, WRONG)).status, way.name).to.equal(way.wrong);
      for (let tries = 1; tries < perAccount; tries += 1)
        expect((await grant(WRONG)).status, way.name).to.equal(400);
      await expectToWait(await grant(PASSWORD), `the grant after ${way.name}`, windowSeconds);
      await expectToWait(await way.ask(server.url, PASSWORD), way.name, windowSeconds);
    }
    expect(await person.has(PASSWORD)).to.equal(true);
  });

  it('takes from a counter of its own by card number, which leaves the account alone', async () => {
    const { perAccount, windowSeconds } = server.config.attempts;
    const card = ways.find(({ name }) => name === CARD) as Way;
    for (let tries = 0; tries < perAccount; tries += 1)
      expect((await card.ask(server.url, WRONG)).status).to.equal(400);
    await expectToWait(await card.ask(server.url, PASSWORD), card.name, windowSeconds);
    expect((await grant(PASSWORD)).status).to.equal(200);
  });

  it('takes from one counter of the address, whichever account is guessed at', async function () {
    this.timeout(60_000);
    const { perAddress, windowSeconds } = server.config.attempts;
    for (let tries = 0; tries < perAddress; tries += 10) {
      const names = Array.from({ length: 10 }, (_, index) => `089${String(tries + index).padStart(7, '0')}`);
      await Promise.all(names.map((name) => byGrant('mobile', name).ask(server.url, WRONG)));
    }
    for (const way of ways) await expectToWait(await way.ask(server.url, PASSWORD), way.name, windowSeconds);
  });

  it('is 503 with Retry-After, and counts no attempt, while there is no room for hashes', async function () {
    this.timeout(60_000);
    const { perAccount } = server.config.attempts;
    const free = Promise.withResolvers<void>();
    const { hashing } = server.domain;
    const { maxQueued } = server.config.passwords;
    const held = Array.from({ length: hashing.size }, () => hashing.run(() => free.promise));
    const hold = (): Promise<unknown>[] =>
      Array.from({ length: maxQueued - hashing.waiting }, () =>
        hashing.run(async () => {}).catch(() => undefined),
      );
    const all: Promise<unknown>[] = [];
    for (const way of ways) {
      all.push(...hold());
      const answer = await way.ask(server.url, WRONG);
      expect(answer.status, way.name).to.equal(503);
      expect(Number(answer.headers.get('retry-after')), way.name).to.be.at.least(1);
    }
    free.resolve();
    await Promise.all([...held, ...all]);
    for (let tries = 0; tries < perAccount; tries += 1) expect((await grant(WRONG)).status).to.equal(400);
    expect((await grant(PASSWORD)).status).to.equal(429);
  });
});
