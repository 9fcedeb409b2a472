import { expect } from 'chai';
import { somebody } from '../pages/account/visitor.ts';
import { post } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp, stepAt, totpCode } from '../support/totp.ts';
import { type At, firstParty, owner, PASSWORD, type TwoSteps, twoSteps } from './two-steps.ts';

/** The protocol's cookies for a sign-in. A sibling domain could plant these, but not the cookie of the form guard. */
const OF_THE_SIGN_IN = /^(interaction|resume)(\.sig)?$/;

const secretOn = (page: string): string =>
  /<code[^>]*data-secret[^>]*>([^<]+)/.exec(page)?.[1]?.replaceAll(/\s/g, '') ?? '';

describe('a sign-in in progress', () => {
  let server: TestServer;
  let flow: TwoSteps;
  let strict: TestServer;
  let strictFlow: TwoSteps;
  before(async () => {
    server = await startServer();
    flow = twoSteps(server, await firstParty(server));
    strict = await startServer({ secondFactor: { policy: 'required' } });
    strictFlow = twoSteps(strict, await firstParty(strict));
  });
  after(() => Promise.all([server.stop(), strict.stop()]));

  /** An attacker's sign-in, and a victim's browser with its cookies. */
  async function planted(steps: TwoSteps): Promise<{ attacker: At; victim: BrowserAgent }> {
    const attacker = await steps.start();
    const victim = new BrowserAgent();
    for (const [name, { value, path }] of attacker.agent.cookies)
      if (OF_THE_SIGN_IN.test(name)) victim.setCookie(name, value, path);
    expect(victim.cookies.size).to.equal(4);
    return { attacker, victim };
  }

  /** Expects that the attacker cannot continue the victim's sign-in. */
  async function resumed(at: At, steps: TwoSteps, to: TestServer): Promise<void> {
    for (const path of [`/oauth/authorize/${at.uid}`, '/oauth/authorize/elsewhere']) {
      const resume = Object.fromEntries(
        [...at.agent.cookies]
          .filter(([name]) => name.startsWith('resume'))
          .map(([name, { value }]) => [name, value]),
      );
      const answer = await fetch(to.url + path, {
        redirect: 'manual',
        headers: {
          cookie: Object.entries(resume)
            .map((pair) => pair.join('='))
            .join('; '),
        },
      });
      expect(answer.headers.get('location') ?? '', path).to.not.include('code=');
    }
    const answer = await at.agent.follow(`${to.url}/oauth/authorize/${at.uid}`);
    expect(answer.headers.get('location') ?? '').to.not.include('code=');
    expect(await steps.silently(at.agent)).to.equal('login_required');
  }

  async function shownTo(victim: BrowserAgent, { uid }: At, to: TestServer): Promise<At> {
    const answer = await victim.follow(`${to.url}/interaction/${uid}`);
    const page = await answer.text();
    return { agent: victim, uid, page, status: answer.status, step: '', back: undefined };
  }

  describe('whose cookies were planted in another browser', () => {
    it('is finished there, or nowhere', async () => {
      const person = await somebody(server);
      const { attacker, victim } = await planted(flow);
      const shown = await shownTo(victim, attacker, server);
      // the form is sent, and the attacker is faster than its redirect
      const sent = await post(shown, 'login', { login: person.email, password: PASSWORD });
      expect(sent.status).to.equal(303);
      await resumed(attacker, flow, server);
      const end = await victim.follow(sent.headers.get('location') ?? '');
      expect(end.headers.get('location')).to.include('code=');
    });

    it('is not gone on with at the second step', async () => {
      const person = await owner(server);
      const { attacker, victim } = await planted(flow);
      const shown = await shownTo(victim, attacker, server);
      const second = await flow.password(shown, person.email);
      expect(second.step).to.equal('second-factor');
      // with a code that was observed on the victim's screen
      const code = person.app.code();
      const page = await attacker.agent.follow(`${server.url}/interaction/${attacker.uid}/second-factor`);
      expect(page.status).to.equal(400);
      expect((await post(attacker, 'second-factor', { code })).status).to.equal(400);
      await resumed(attacker, flow, server);
      const done = await flow.second(second, code);
      expect(done.back?.searchParams.get('code')).to.be.a('string');
      await resumed(attacker, flow, server);
    });

    it('does not let the other browser set up the second factor that is due', async () => {
      const person = await somebody(strict);
      const { attacker, victim } = await planted(strictFlow);
      const due = await strictFlow.password(await shownTo(victim, attacker, strict), person.email);
      expect(due.step).to.equal('second-factor/new');
      const page = await attacker.agent.follow(`${strict.url}/interaction/${attacker.uid}/second-factor/new`);
      expect([page.status, secretOn(await page.text())]).to.deep.equal([400, '']);
      const secret = secretOn(due.page);
      const sent = await post(attacker, 'second-factor/new', { code: totpCode(secret, stepAt()) });
      expect(sent.status).to.equal(400);
      expect(await strict.domain.secondFactors.isEnrolled(person.id)).to.equal(false);
    });

    it("does not sign a victim in to the attacker's account", async () => {
      const thief = await somebody(server);
      const { attacker, victim } = await planted(flow);
      const sent = await post(attacker, 'login', { login: thief.email, password: PASSWORD });
      expect(sent.status).to.equal(303);
      const answer = await victim.follow(sent.headers.get('location') ?? '');
      expect(answer.headers.get('location') ?? '').to.not.include('code=');
      expect(await flow.silently(victim)).to.equal('login_required');
    });
  });

  describe('is over when the account', () => {
    const events: [string, (id: number) => Promise<unknown>][] = [
      ['is signed out everywhere', (id) => server.domain.lifecycle.signOutEverywhere(id)],
      ['is suspended', (id) => server.domain.lifecycle.suspend(id)],
      [
        'gets a new password',
        async (accountId) => {
          const { generation = 0 } = (await server.domain.accounts.find(accountId)) ?? {};
          const next = 'another-horse-battery';
          await server.domain.passwordChange.change({ accountId, next, preservedSession: { generation } });
        },
      ],
    ];

    for (const [what, happen] of events) {
      it(`${what} before the second step`, async () => {
        const person = await owner(server);
        const asked = await flow.toSecond(person);
        await happen(person.id);
        const answer = await post(asked, 'second-factor', { code: person.app.code() });
        expect(answer.status).to.equal(400);
        await resumed(asked, flow, server);
      });

      it(`${what} before the browser goes on`, async () => {
        const person = await somebody(server);
        const begun = await flow.start();
        const held = await post(begun, 'login', { login: person.email, password: PASSWORD });
        expect(held.status).to.equal(303);
        await happen(person.id);
        await resumed(begun, flow, server);
      });
    }
  });

  it('that steps a session up is not finished without the missing factor', async () => {
    const person = await somebody(server);
    const agent = new BrowserAgent();
    await flow.toSecond(person, {}, agent);
    expect(await flow.silently(agent)).to.equal('code');
    await enrolApp(server.domain, person.id);
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:pratu:acr:mfa' } } });
    const asked = await flow.start({ claims }, agent);
    expect(asked.step).to.equal('second-factor');
    for (const step of ['consent', 'contacts', 'account', 'login']) {
      const answer = await post(asked, step, { answer: 'later', login: person.email, password: PASSWORD });
      const end = await agent.follow(answer.headers.get('location') ?? `/interaction/${asked.uid}`);
      expect(end.headers.get('location') ?? '', step).to.not.include('code=');
    }
    const end = await agent.follow(`${server.url}/oauth/authorize/${asked.uid}`);
    expect(end.headers.get('location') ?? '').to.not.include('code=');
    expect(await flow.silently(agent, { claims })).to.equal('interaction_required');
  });
});
