import { expect } from 'chai';
import { somebody } from '../pages/account/visitor.ts';
import { csrfOf, post } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type EnrolledApp, enrolApp, stepAt, totpCode } from '../support/totp.ts';
import { claimsOf, firstParty, owner, type TwoSteps, twoSteps } from './two-steps.ts';

const BY_PASSWORD = 'urn:pratu:acr:password';

describe('attacks on the second factor', () => {
  let server: TestServer;
  let flow: TwoSteps;
  before(async () => {
    server = await startServer();
    flow = twoSteps(server, await firstParty(server));
  });
  after(() => server.stop());

  /** Expects that the browser is signed in nowhere on the server. */
  async function expectNobody(agent: BrowserAgent): Promise<void> {
    expect(await flow.silently(agent)).to.equal('login_required');
    const account = await agent.follow(`${server.url}/account`);
    expect(await account.text()).to.include('name="password"');
  }

  describe('by someone who has the password', () => {
    it('the second step cannot be skipped by the address that resumes the request', async () => {
      const asked = await flow.toSecond(await owner(server));
      const resumed = await asked.agent.follow(`${server.url}/oauth/authorize/${asked.uid}`);
      expect(resumed.headers.get('location')).to.equal(null);
      await expectNobody(asked.agent);
    });

    it('no other step of the sign-in replaces it', async () => {
      for (const step of ['consent', 'contacts', 'account', 'abort']) {
        const asked = await flow.toSecond(await owner(server));
        const answer = await post(asked, step, { answer: 'later' });
        const next = answer.headers.get('location');
        const end = next ? await asked.agent.follow(next) : answer;
        const back = end.headers.get('location');
        expect(back && new URL(back).searchParams.get('code'), step).to.not.be.a('string');
        await expectNobody(asked.agent);
      }
    });

    it('another request of the same browser does not find it done', async () => {
      const asked = await flow.toSecond(await owner(server));
      const { page } = await flow.start({}, asked.agent);
      expect(page).to.include('name="password"');
    });

    it('a weaker acr does not make it unnecessary', async () => {
      for (const more of [
        { acr_values: BY_PASSWORD },
        { claims: JSON.stringify({ id_token: { acr: { value: BY_PASSWORD } } }) },
        { claims: JSON.stringify({ id_token: { acr: { essential: true, value: BY_PASSWORD } } }) },
      ]) {
        const asked = await flow.toSecond(await owner(server), more);
        expect(asked.step).to.equal('second-factor');
        await expectNobody(asked.agent);
      }
    });

    it("factors of two accounts never add up: the thief's own code opens the thief's account at most", async () => {
      const [victim, thief] = [await owner(server), await owner(server)];
      const asked = await flow.toSecond(victim);
      const refused = await flow.second(asked, thief.app.code());
      expect(refused).to.include({ step: 'second-factor', status: 400 });
      // the same sign-in, started again with the thief's own password
      const again = await flow.password(refused, thief.email);
      const done = again.step === 'second-factor' ? await flow.second(again, thief.app.code(1)) : again;
      const code = done.back?.searchParams.get('code');
      if (code) expect(claimsOf(await flow.tokens(done)).sub).to.equal(String(thief.id));
      else await expectNobody(asked.agent);
    });

    it('a code that was used in one browser is invalid in another, at the same moment', async () => {
      const person = await owner(server);
      const code = person.app.code();
      const both = await Promise.all(Array.from({ length: 5 }, () => flow.toSecond(person)));
      const done = await Promise.all(both.map((asked) => flow.second(asked, code)));
      expect(done.filter(({ back }) => back?.searchParams.has('code'))).to.have.length(1);
    });

    it('guesses are counted with wrong passwords, and end in a refusal of the right code', async () => {
      const person = await owner(server);
      // a network that is known to the account, whose guesses have one counter
      await flow.second(await flow.toSecond(person), person.app.code());
      for (let round = 0; round < 5; round += 1) {
        const begun = await flow.start();
        const wrong = await post(begun, 'login', { login: person.email, password: `wrong-${round}` });
        expect(wrong.status).to.equal(400);
        const refused = await flow.second(await flow.toSecond(person), person.app.wrong());
        expect(refused).to.include({ step: 'second-factor', status: 400 });
      }
      const locked = await flow.start();
      const answer = await post(locked, 'login', { login: person.email, password: 'correct-horse-battery' });
      expect(answer.status).to.equal(429);
      await expectNobody(locked.agent);
    });
  });

  describe('from another browser or site', () => {
    it("somebody else's sign-in cannot be completed", async () => {
      const [victim, thief] = [await owner(server), await owner(server)];
      const theirs = await flow.toSecond(victim);
      const mine = await flow.toSecond(thief);
      for (const code of [thief.app.code(), victim.app.code()]) {
        const answer = await post({ ...mine, uid: theirs.uid }, 'second-factor', { code });
        expect(answer.status).to.equal(400);
      }
      await expectNobody(theirs.agent);
      await expectNobody(mine.agent);
    });

    it('a session that was planted before is replaced', async () => {
      const person = await owner(server);
      const victim = new BrowserAgent();
      await victim.request(`${server.url}/device`);
      const attacker = new BrowserAgent();
      for (const name of ['sid', 'sid.sig']) attacker.setCookie(name, victim.cookies.get(name)?.value ?? '');
      const planted = victim.cookies.get('sid')?.value;
      await flow.second(await flow.toSecond(person, {}, victim), person.app.code());
      expect(victim.cookies.get('sid')?.value).to.not.equal(planted);
      expect(await flow.silently(victim)).to.equal('code');
      expect(await flow.silently(attacker)).to.equal('login_required');
    });

    for (const [what, headers, csrf] of [
      ['without its token', { 'sec-fetch-site': 'same-origin' }, ''],
      ['from another site', { 'sec-fetch-site': 'cross-site' }, undefined],
      ['from another origin', { origin: 'https://evil.example' }, undefined],
    ] as const) {
      it(`the second step is not accepted ${what}`, async () => {
        const person = await owner(server);
        const asked = await flow.toSecond(person);
        const fields = { code: person.app.code(), ...(csrf === undefined ? {} : { csrf }) };
        expect((await post(asked, 'second-factor', fields, headers)).status).to.equal(403);
        expect(await flow.silently(asked.agent)).to.equal('login_required');
        // and the code was not used up
        expect((await flow.second(asked, person.app.code())).back?.searchParams.get('code')).to.be.a(
          'string',
        );
      });

      it(`an app is not added ${what}`, async () => {
        const person = await (await somebody(server)).signIn();
        const { page } = await person.open('/account/authenticator/new');
        const secret = /<code[^>]*data-secret[^>]*>([^<]+)/.exec(page)?.[1]?.replaceAll(/\s/g, '') ?? '';
        expect(secret).to.match(/^[A-Z2-7]{32}$/);
        const answer = await person.agent.request(`${server.url}/account/authenticator/new`, {
          method: 'POST',
          body: new URLSearchParams({ csrf: csrf ?? csrfOf(page), code: totpCode(secret, stepAt()) }),
          headers,
        });
        expect(answer.status).to.equal(403);
        expect(await server.domain.secondFactors.isEnrolled(person.id)).to.equal(false);
      });
    }
  });

  it('the pages of the second step say nothing of the account to those who know only the address', async () => {
    const asked = await flow.toSecond(await owner(server));
    const stranger = new BrowserAgent();
    for (const path of ['second-factor', 'second-factor/new']) {
      const answer = await stranger.request(`${server.url}/interaction/${asked.uid}/${path}`);
      expect(answer.status).to.equal(400);
      expect(await answer.text()).to.not.match(/data-secret|name="code"/);
    }
  });

  it('an account with an app is not offered another one in the middle of a sign-in', async () => {
    const asked = await flow.toSecond(await owner(server));
    const answer = await asked.agent.follow(`${server.url}/interaction/${asked.uid}/second-factor/new`);
    const page = await answer.text();
    expect(page).to.not.include('data-secret');
    const posted = await post(asked, 'second-factor/new', { code: '123456' });
    expect(posted.status).to.equal(303);
    await expectNobody(asked.agent);
  });

  describe('where everyone needs one', () => {
    let strict: TestServer;
    let strictFlow: TwoSteps;
    before(async () => {
      strict = await startServer({ secondFactor: { policy: 'required' } });
      strictFlow = twoSteps(strict, await firstParty(strict));
    });
    after(() => strict.stop());

    const secretOn = (page: string): string =>
      /<code[^>]*data-secret[^>]*>([^<]+)/.exec(page)?.[1]?.replaceAll(/\s/g, '') ?? '';

    it('an account without one sets it up before it is signed in', async () => {
      const person = await somebody(strict);
      const asked = await strictFlow.toSecond(person);
      expect(asked.step).to.equal('second-factor/new');
      const resumed = await asked.agent.follow(`${strict.url}/oauth/authorize/${asked.uid}`);
      expect(resumed.headers.get('location')).to.equal(null);
      expect(await strictFlow.silently(asked.agent)).to.equal('login_required');

      const again = await strictFlow.toSecond(person);
      const secret = secretOn(again.page);
      const shown = await strictFlow.send(again, 'second-factor/new', { code: totpCode(secret, stepAt()) });
      const codes = [...shown.page.matchAll(/<li><code>([^<]+)/g)].map(([, code]) => code);
      expect(codes).to.have.length(10);
      const next = /<a class="button primary" href="([^"]+)"/.exec(shown.page)?.[1] ?? '';
      const end = await again.agent.follow(next.replaceAll('&amp;', '&'));
      const back = new URL(end.headers.get('location') ?? '');
      const claims = claimsOf(await strictFlow.tokens({ ...shown, back }));
      expect(claims).to.include({ sub: String(person.id), acr: 'urn:pratu:acr:mfa' });
    });

    it('the code of the set-up does not open the next sign-in', async () => {
      const person = await somebody(strict);
      const app: EnrolledApp = await enrolApp(strict.domain, person.id);
      const used = app.code(-1);
      expect(await strictFlow.second(await strictFlow.toSecond(person), used)).to.include({ status: 400 });
    });
  });
});
