import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { somebody } from '../pages/account/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import type { TestClient } from '../support/clients.ts';
import { createClient } from '../support/clients.ts';
import { moveClock } from '../support/clock.ts';
import { basic, introspect, refresh, tokenOf } from '../support/code-flow.ts';
import { checkAnswer } from '../support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { pkce, type Tokens } from '../support/sign-in.ts';
import { enrolApp } from '../support/totp.ts';
import { type At, claimsOf, firstParty, owner, type TwoSteps, twoSteps } from './two-steps.ts';

const MFA = 'urn:pratu:acr:mfa';
const BY_PASSWORD = 'urn:pratu:acr:password';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const API = 'http://localhost:8080/api';
const OPAQUE = 'http://localhost:8080/opaque';

interface Reported {
  acr?: unknown;
  amr?: unknown;
  auth_time?: unknown;
}

const reportOf = ({ acr, amr, auth_time }: Reported): Reported => ({ acr, amr, auth_time });

describe('the authentication that tokens report', () => {
  let server: TestServer;
  let client: TestClient;
  let flow: TwoSteps;

  before(async () => {
    server = await startServer();
    client = await firstParty(server, { token_endpoint_auth_method: 'client_secret_basic' });
    flow = twoSteps(server, client);
  });
  after(() => server.stop());

  const ofToken = async (token: string | undefined, asking = client): Promise<Reported> => {
    const { body } = await introspect(server, asking, token);
    expect(body.active).to.equal(true);
    return reportOf(body);
  };
  const ofIdToken = (tokens: Pick<Tokens, 'id_token'>): Reported => reportOf(claimsOf(tokens));

  async function refreshed({ refresh_token: token }: Tokens): Promise<Tokens> {
    const { status, body } = await refresh(server, client, token);
    expect(status).to.equal(200);
    return body;
  }

  /** Expects that all tokens report the same authentication, and returns it. */
  async function reported(tokens: Tokens): Promise<Reported> {
    const said = ofIdToken(tokens);
    expect(await ofToken(tokens.access_token), 'access token').to.deep.equal(said);
    if (tokens.refresh_token)
      expect(await ofToken(tokens.refresh_token), 'refresh token').to.deep.equal(said);
    return said;
  }

  const OFFLINE = { scope: 'openid offline_access' };

  it('is one in the ID token and in introspection, by password', async () => {
    const person = await somebody(server);
    const said = await reported(await flow.tokens(await flow.toSecond(person, OFFLINE)));
    expect(said.acr).to.equal(BY_PASSWORD);
    expect(said.amr).to.deep.equal(['pwd']);
    expect(said.auth_time).to.be.closeTo(Date.now() / 1000, 5);
  });

  it('is one in the ID token and in introspection, by two factors', async () => {
    const person = await owner(server);
    const done = await flow.second(await flow.toSecond(person, OFFLINE), person.app.code());
    const said = await reported(await flow.tokens(done));
    expect(said.acr).to.equal(MFA);
    expect(said.amr).to.have.members(['pwd', 'otp', 'mfa']);
  });

  it('is described in the API document', async () => {
    const person = await somebody(server);
    const tokens = await flow.tokens(await flow.toSecond(person, OFFLINE));
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const answer = await introspect(server, client, token);
      expect(answer.body).to.include.keys('acr', 'amr', 'auth_time');
      const { status, headers } = answer.response;
      checkAnswer('introspect', status, headers, JSON.stringify(answer.body));
    }
  });

  it('stays that of the grant in every refresh, whatever the session does later', async () => {
    const person = await somebody(server);
    const agent = new BrowserAgent();
    const first = await flow.tokens(await flow.toSecond(person, OFFLINE, agent));
    const before = ofIdToken(first);
    const app = await enrolApp(server.domain, person.id);
    await moveClock(server.database, 90);

    // before the step-up, and long after the sign-in
    const early = await refreshed(first);
    expect(await reported(early)).to.deep.equal(before);

    const asked = await flow.start({ ...OFFLINE, acr_values: MFA }, agent);
    expect(asked.step).to.equal('second-factor');
    const strong = await flow.tokens(await flow.second(asked, app.code()));
    const after = await reported(strong);
    expect(after).to.include({ acr: MFA });
    expect(after.auth_time).to.be.at.least(Number(before.auth_time) + 90);

    // earlier tokens keep the authentication that they reported, and so do tokens derived from them
    expect(await ofToken(first.access_token)).to.deep.equal(before);
    expect(await reported(await refreshed(early))).to.deep.equal(before);
    expect(await reported(await refreshed(strong))).to.deep.equal(after);
  });

  it('is not that of the same person signing in later elsewhere', async () => {
    const person = await somebody(server);
    const weak = await flow.tokens(await flow.toSecond(person, OFFLINE));
    const before = ofIdToken(weak);
    const app = await enrolApp(server.domain, person.id);
    await moveClock(server.database, 40);
    await flow.tokens(await flow.second(await flow.toSecond(person, OFFLINE), app.code()));
    expect(await reported(await refreshed(weak))).to.deep.equal(before);
  });

  it('is that of the refresh token when it rotates, and when it is asked for again', async () => {
    const open = await firstParty(server);
    const steps = twoSteps(server, open);
    const person = await owner(server);
    const done = await steps.second(await steps.toSecond(person, OFFLINE), person.app.code());
    const first = await steps.tokens(done);
    await moveClock(server.database, 30);
    for (const { status, body } of [
      await refresh(server, open, first.refresh_token),
      await refresh(server, open, first.refresh_token),
    ]) {
      expect(status).to.equal(200);
      expect(ofIdToken(body)).to.deep.equal(ofIdToken(first));
    }
  });

  it('is in JWT access tokens, and in the introspection of opaque ones by their resource', async () => {
    const person = await owner(server);
    const agent = new BrowserAgent();
    const resource = await createClient(server, { resources: [OPAQUE], grant_types: ['client_credentials'] });
    const done = await flow.second(await flow.toSecond(person, {}, agent), person.app.code());
    const said = ofIdToken(await flow.tokens(done));
    for (const identifier of [API, OPAQUE]) {
      const params = { scope: 'openid offline_access api:read', resource: identifier };
      let at: At = await flow.start(params, agent);
      if (!at.back) at = await flow.send(at, 'consent', {});
      const { status, body } = await tokenOf(server, client, {
        grant_type: 'authorization_code',
        code: at.back?.searchParams.get('code') ?? '',
        redirect_uri: client.redirectUri,
        code_verifier: flow.verifier,
        resource: identifier,
      });
      expect(status, JSON.stringify(body)).to.equal(200);
      const again = await refresh(server, client, body.refresh_token, { resource: identifier });
      for (const { access_token: token } of [body, again.body])
        if (identifier === API) expect(reportOf(decodeJwt(token))).to.deep.equal(said);
        else expect(await ofToken(token, resource)).to.deep.equal(said);
    }
  });

  it('is that of the person who approved a device', async () => {
    const tv = await createClient(server, {
      grant_types: [DEVICE, 'refresh_token'],
      response_types: [],
      redirect_uris: [],
      first_party: true,
    } as never);
    const person = await owner(server);
    const answer = await fetch(`${server.url}/oauth/device`, {
      method: 'POST',
      body: new URLSearchParams({ scope: 'openid', acr_values: MFA }),
      headers: { authorization: basic(tv) },
    }).then((one) => one.json());
    const agent = new BrowserAgent();
    let page = await (await agent.follow(answer.verification_uri)).text();
    // enters the code, then confirms it
    for (const fields of [{ user_code: String(answer.user_code) }, {}] as Record<string, string>[])
      page = await (await agent.submit('/device', fields, page.slice(0, page.indexOf('</form>')))).text();
    const uid = /\/interaction\/([\w-]+)\//.exec(page)?.[1] ?? '';
    const second = await flow.password({ agent, uid, page }, person.email);
    expect(second.step).to.equal('second-factor');
    page = (await flow.second(second, person.app.code())).page;
    const { status, body } = await tokenOf(server, tv, {
      grant_type: DEVICE,
      device_code: answer.device_code,
    });
    expect(status, page).to.equal(200);
    const said = ofIdToken(body);
    expect(said).to.include({ acr: MFA });
    expect(await ofToken(body.access_token, tv)).to.deep.equal(said);
  });

  it('is the password, for the password grant', async () => {
    const legacy = await createClient(server, {
      grant_types: ['password', 'refresh_token'],
      response_types: [],
      redirect_uris: [],
      first_party: true,
      scope: 'openid global',
    } as never);
    const person = await somebody(server);
    const { status, body } = await tokenOf(server, legacy, {
      grant_type: 'password',
      username: person.email,
      password: 'correct-horse-battery',
      scope: 'openid global',
    });
    expect(status).to.equal(200);
    const said = ofIdToken(body);
    expect(said).to.include({ acr: BY_PASSWORD });
    for (const token of [body.access_token, body.refresh_token])
      expect(await ofToken(token, legacy)).to.deep.equal(said);
    await moveClock(server.database, 30);
    const { body: later } = await refresh(server, legacy, body.refresh_token);
    expect(ofIdToken(later)).to.deep.equal(said);
    expect(await ofToken(later.access_token, legacy)).to.deep.equal(said);
  });

  it('is nothing, for a program on its own', async () => {
    const program = await createClient(server, {
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    });
    const { body } = await tokenOf(server, program, { grant_type: 'client_credentials' });
    const answer = await introspect(server, program, body.access_token);
    expect(answer.body).to.include({ active: true });
    expect(answer.body).to.not.have.any.keys('acr', 'amr', 'auth_time');
  });

  it('is not reported with a token of another client, or an expired one', async () => {
    const other = await createClient(server);
    const person = await somebody(server);
    const tokens = await flow.tokens(await flow.toSecond(person, OFFLINE));
    for (const token of [tokens.access_token, tokens.refresh_token, 'nonsense', pkce().verifier])
      expect((await introspect(server, other, token)).body).to.deep.equal({ active: false });
    await server.domain.lifecycle.signOutEverywhere(person.id);
    for (const token of [tokens.access_token, tokens.refresh_token])
      expect((await introspect(server, client, token)).body).to.deep.equal({ active: false });
  });
});
