import { expect } from 'chai';
import { codeTo } from '../browser/steps.ts';
import { newContacts, PASSWORD, somebody } from '../pages/account/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import type { TestClient } from '../support/clients.ts';
import { moveClock } from '../support/clock.ts';
import { tokenOf } from '../support/code-flow.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { type At, claimsOf, firstParty, owner, type TwoSteps, twoSteps } from './two-steps.ts';

const MFA = 'urn:pratu:acr:mfa';
const BY_PASSWORD = 'urn:pratu:acr:password';
const BY_SMS = 'urn:pratu:acr:sms';
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

describe('a sign-in with two factors', () => {
  let server: TestServer;
  let client: TestClient;
  let flow: TwoSteps;
  before(async () => {
    server = await startServer();
    client = await firstParty(server);
    flow = twoSteps(server, client);
  });
  after(() => server.stop());

  /** A person without a contact that a code could be sent to. */
  async function withoutProof() {
    const { email } = newContacts();
    await server.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: email, verified: false }],
    });
    return { email };
  }

  it('asks for a code after the password, and tells the client of both', async () => {
    const { id, email, app } = await owner(server);
    const asked = await flow.toSecond({ email });
    expect(asked.step).to.equal('second-factor');
    const claims = claimsOf(await flow.tokens(await flow.second(asked, app.code())));
    expect(claims).to.include({ sub: String(id), acr: MFA });
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
    expect(claims.auth_time).to.be.closeTo(Date.now() / 1000, 30);
  });

  it('accepts a recovery code in the same field, once', async () => {
    const { email, app } = await owner(server);
    const [code = ''] = app.recoveryCodes;
    const claims = claimsOf(await flow.tokens(await flow.second(await flow.toSecond({ email }), code)));
    expect(claims).to.include({ acr: MFA });
    const again = await flow.second(await flow.toSecond({ email }), code);
    expect(again).to.include({ step: 'second-factor', status: 400 });
  });

  it('asks nothing more of an account without a second factor', async () => {
    const { email } = await somebody(server);
    const claims = claimsOf(await flow.tokens(await flow.toSecond({ email })));
    expect(claims).to.include({ acr: BY_PASSWORD });
    expect(claims.amr).to.deep.equal(['pwd']);
  });

  it('keeps what it reported in the tokens of a refresh', async () => {
    const { email, app } = await owner(server);
    const first = await flow.tokens(
      await flow.second(await flow.toSecond({ email }, { scope: 'openid offline_access' }), app.code()),
    );
    const { status, body } = await tokenOf(server, client, {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token ?? '',
    });
    expect(status).to.equal(200);
    const [before, now] = [claimsOf(first), claimsOf(body)];
    expect(now.acr).to.equal(MFA);
    expect(now.amr).to.deep.equal(before.amr);
    expect(now.auth_time).to.equal(before.auth_time);
  });

  describe('of a session with one factor', () => {
    /** A person who signed in with the password before they had a second factor. */
    async function signedIn() {
      const person = await somebody(server);
      const agent = new BrowserAgent();
      const before = claimsOf(await flow.tokens(await flow.toSecond(person, {}, agent)));
      return { person, agent, before };
    }

    for (const [how, request] of [
      ['acr_values', { acr_values: MFA }],
      ['an essential acr', essential(MFA)],
    ] as const) {
      it(`asks only for the missing one when ${how} wants two`, async () => {
        const { person, agent, before } = await signedIn();
        const app = await enrolApp(server.domain, person.id);
        await moveClock(server.database, 90);
        expect(await flow.silently(agent)).to.equal('code');
        const asked = await flow.start(request, agent);
        expect(asked.step).to.equal('second-factor');
        expect(asked.page).to.not.include('name="password"');
        const claims = claimsOf(await flow.tokens(await flow.second(asked, app.code())));
        expect(claims).to.include({ sub: String(person.id), acr: MFA });
        expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
        expect(claims.auth_time).to.be.greaterThan(before.auth_time + 60);
        expect(await flow.silently(agent, request)).to.equal('code');
      });

      it(`refuses ${how} without a page`, async () => {
        const { person, agent } = await signedIn();
        await enrolApp(server.domain, person.id);
        expect(await flow.silently(agent, request)).to.equal('interaction_required');
      });
    }

    it('goes on with one when only acr_values wants two and the account has none', async () => {
      const agent = new BrowserAgent();
      await flow.toSecond(await withoutProof(), {}, agent);
      const { back } = await flow.start({ acr_values: MFA }, agent);
      expect(back?.searchParams.get('code')).to.be.a('string');
    });
  });

  describe('after a code by SMS, which is a factor of the same kind as the app', () => {
    async function bySms(at: At, mobile: string): Promise<At> {
      await flow.send(at, 'sms', { login: mobile });
      const code = await codeTo(server, mobile);
      return flow.send(at, 'sms/code', { code });
    }

    it('does not ask at every request of a client that prefers two', async () => {
      const { app, visitor } = await owner(server);
      const agent = new BrowserAgent();
      const asked = await bySms(await flow.start({ acr_values: MFA }, agent), visitor.mobile);
      const claims = claimsOf(await flow.tokens(await flow.second(asked, app.code())));
      expect(claims).to.include({ acr: BY_SMS });
      expect(await flow.silently(agent, { acr_values: MFA })).to.equal('code');
    });

    it('asks for the password and the app when two are essential', async () => {
      const { id, email, app, visitor } = await owner(server);
      const agent = new BrowserAgent();
      await flow.second(await bySms(await flow.start({}, agent), visitor.mobile), app.code());
      const asked = await flow.start(essential(MFA), agent);
      expect(asked.page).to.include('name="password"').and.not.include('/sms"');
      const second = await flow.password(asked, email);
      expect(second.step).to.equal('second-factor');
      const claims = claimsOf(await flow.tokens(await flow.second(second, app.code(1))));
      expect(claims).to.include({ sub: String(id), acr: MFA });
    });
  });

  it('reports the weaker acr to a client to which that is essential', async () => {
    const { email, app } = await owner(server);
    const asked = await flow.toSecond({ email }, essential(BY_PASSWORD));
    const claims = claimsOf(await flow.tokens(await flow.second(asked, app.code())));
    expect(claims).to.include({ acr: BY_PASSWORD });
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
  });

  it('satisfies clients that ask for different acr values, without another sign-in', async () => {
    const { email, app } = await owner(server);
    const agent = new BrowserAgent();
    await flow.second(await flow.toSecond({ email }, essential(BY_PASSWORD), agent), app.code());
    for (const [more, acr] of [
      [{ acr_values: MFA }, MFA],
      [essential(BY_PASSWORD), BY_PASSWORD],
      [essential(MFA), MFA],
      [{}, MFA],
    ] as const) {
      const silent = await flow.start({ prompt: 'none', ...more }, agent);
      expect(claimsOf(await flow.tokens(silent))).to.include({ acr });
    }
    expect(await flow.silently(agent, essential(BY_SMS))).to.equal('interaction_required');
  });

  it('is refused when an essential acr is out of the reach of the account', async () => {
    const { back } = await flow.toSecond(await withoutProof(), essential(MFA));
    expect(back?.searchParams.get('error')).to.equal('unmet_authentication_requirements');
  });

  it('asks for both again when the client wants a new sign-in', async () => {
    const { email, app } = await owner(server);
    const agent = new BrowserAgent();
    await flow.second(await flow.toSecond({ email }, {}, agent), app.code());
    await moveClock(server.database, 60);
    for (const more of [{ prompt: 'login' }, { max_age: '5' }]) {
      const asked = await flow.start(more, agent);
      expect(asked.page).to.include('name="password"');
      expect((await flow.password(asked, email)).step).to.equal('second-factor');
    }
  });
});
