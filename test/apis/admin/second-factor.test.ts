import { expect } from 'chai';
import * as client from 'openid-client';
import { SCOPES } from '../../../src/apis/admin/scopes.ts';
import { type At, arrived } from '../../flows/two-steps.ts';
import { post } from '../../pages/interaction-steps.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { checkAnswer, operations } from '../../support/openapi.ts';
import { discover } from '../../support/openid-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { type EnrolledApp, enrolApp } from '../../support/totp.ts';
import { call, clientToken, PASSWORD, person, personToken, registerApp } from './admin-client.ts';

const TWELVE_HOURS = 43_200;
const READ: readonly [string, string] = ['GET', '/overview'];
const SCOPE = 'openid offline_access admin:overview:read admin:accounts:read admin:audit:read';

/** The parameters of a challenge, as openid-client parses it. */
interface Challenge {
  scheme: string;
  parameters: Record<string, string>;
}

describe('the Admin API where operators need two factors', () => {
  let server: TestServer;
  let config: client.Configuration;
  let redirectUri: string;

  before(async () => {
    server = await startServer({ console: { secondFactor: 'required' } });
    const app = await createClient(server, {
      first_party: true,
      token_endpoint_auth_method: 'none',
    } as never);
    redirectUri = app.redirectUri;
    config = await discover(server, app);
  });
  after(() => server.stop());

  /** Sends the authorization request of a plain client and follows it to the first page, or back to the client. */
  async function start(agent: BrowserAgent, more: Record<string, string> = {}) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      resource: `${server.url}/admin`,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...more,
    });
    return { at: await arrived(agent, await agent.follow(url.href)), pkceCodeVerifier };
  }

  async function send(at: At, step: string, fields: Record<string, string>): Promise<At> {
    const answer = await post(at, step, fields);
    return arrived(at.agent, await at.agent.follow(answer.headers.get('location') ?? ''));
  }

  const tokensOf = (
    { back }: At,
    pkceCodeVerifier: string,
    DPoP?: client.DPoPHandle,
  ): ReturnType<typeof client.authorizationCodeGrant> =>
    client.authorizationCodeGrant(
      config,
      back as URL,
      { pkceCodeVerifier },
      { resource: `${server.url}/admin` },
      DPoP ? { DPoP } : {},
    );

  /** Signs in with everything that is requested, one form after another. Returns the pages that were shown. */
  async function signIn(
    { email, app }: { email: string; app?: EnrolledApp | undefined },
    agent: BrowserAgent,
    more: Record<string, string> = {},
    { code, remember, DPoP }: { code?: string; remember?: string; DPoP?: client.DPoPHandle } = {},
  ) {
    const begun = await start(agent, more);
    const asked: string[] = [];
    let { at } = begun;
    while (!at.back) {
      const step = at.step === '' ? 'login' : (at.step ?? '');
      asked.push(step);
      if (asked.length > 3) throw new Error(`${asked}: ${at.page}`);
      const fields: Record<string, string> =
        step === 'login'
          ? { login: email, password: PASSWORD }
          : { code: code ?? app?.code() ?? '', ...(remember ? { remember } : {}) };
      at = await send(at, step, fields);
    }
    return { asked, tokens: await tokensOf(at, begun.pkceCodeVerifier, DPoP) };
  }

  async function operator({ enrol = true } = {}) {
    const { id, email } = await person(server, 'admin');
    return { id, email, app: enrol ? await enrolApp(server.domain, id) : undefined };
  }

  /** An operator who signed in with the password alone, and has added an app since. */
  async function weakOperator() {
    const { id, email } = await operator({ enrol: false });
    const agent = new BrowserAgent();
    const { tokens } = await signIn({ email }, agent);
    return { id, email, agent, token: tokens.access_token, app: await enrolApp(server.domain, id) };
  }

  const read = (token: string, DPoP?: client.DPoPHandle): Promise<Response> =>
    client.fetchProtectedResource(
      config,
      token,
      new URL(`${server.url}/admin/v1/overview`),
      'GET',
      undefined,
      undefined,
      DPoP ? { DPoP } : {},
    );

  /** Returns the challenge in the response to a request with this token. */
  async function challengeOf(token: string, DPoP?: client.DPoPHandle): Promise<Challenge> {
    const failure = await read(token, DPoP).then(
      ({ status }) => new Error(`answered ${status}`),
      (error) => error,
    );
    expect(failure).to.be.instanceOf(client.WWWAuthenticateChallengeError);
    expect(failure.status).to.equal(401);
    expect(failure.cause).to.have.length(1);
    return failure.cause[0];
  }

  const requestOf = ({ parameters: { acr_values = '', max_age = '' } }: Challenge) => ({
    acr_values,
    max_age,
  });

  // refusals of one address are recorded up to a limit, which other tests have used up
  beforeEach(() => forgetCounts(server.database));

  it('challenges a token of one factor, and says what to ask for', async () => {
    const { id, token } = await weakOperator();
    const { scheme, parameters } = await challengeOf(token);
    expect(scheme).to.equal('bearer');
    expect(parameters).to.deep.equal({
      error: 'insufficient_user_authentication',
      error_description: 'This needs a more recent sign-in, or one with two factors.',
      acr_values: 'urn:pratu:acr:mfa',
      max_age: String(TWELVE_HOURS),
    });
    const answer = await call(server, token, READ);
    expect(answer).to.include({ status: 401, type: 'application/problem+json' });
    expect(answer.body).to.include({ code: 'INSUFFICIENT_USER_AUTHENTICATION', status: 401 });
    checkAnswer('getOverview', 401, answer.headers, JSON.stringify(answer.body));
    const { data } = await server.domain.auditSearch.page({ actor: `operator:${id}` }, { limit: 9 });
    expect(data.map(({ event, reason }) => [event, reason])).to.deep.equal([
      ['operator.refused', 'second_factor_missing'],
    ]);
  });

  it('accepts the token of the request that a plain client repeats with it', async () => {
    const { email, agent, token, app } = await weakOperator();
    const wanted = requestOf(await challengeOf(token));
    const { asked, tokens } = await signIn({ email, app }, agent, wanted);
    expect(asked).to.deep.equal(['second-factor']);
    expect((await read(tokens.access_token)).status).to.equal(200);
    // the first token has not become stronger
    expect((await challengeOf(token)).parameters.error).to.equal('insufficient_user_authentication');
  });

  it('accepts a password and a recovery code', async () => {
    const { email, app } = await operator();
    const code = app?.recoveryCodes[0] ?? '';
    const { tokens } = await signIn({ email, app }, new BrowserAgent(), {}, { code });
    expect((await read(tokens.access_token)).status).to.equal(200);
  });

  it('challenges a sign-in at a device that is not asked for the second factor', async () => {
    const { email, app } = await operator();
    const agent = new BrowserAgent();
    await signIn({ email, app }, agent, {}, { remember: 'yes' });
    const again = await signIn({ email, app }, agent, { prompt: 'login' });
    expect(again.asked).to.deep.equal(['login']);
    const wanted = requestOf(await challengeOf(again.tokens.access_token));
    await moveClock(server.database, 30);
    const strong = await signIn({ email, app }, agent, wanted);
    expect(strong.asked).to.deep.equal(['second-factor']);
    expect((await read(strong.tokens.access_token)).status).to.equal(200);
  });

  it('challenges tokens of a sign-in that is older than a session of the console', async () => {
    const { id, email, app } = await operator();
    const agent = new BrowserAgent();
    const { tokens } = await signIn({ email, app }, agent);
    let refreshToken = tokens.refresh_token ?? '';
    const renew = async (): Promise<string> => {
      const next = await client.refreshTokenGrant(config, refreshToken, { resource: `${server.url}/admin` });
      refreshToken = next.refresh_token ?? '';
      return next.access_token;
    };
    await moveClock(server.database, TWELVE_HOURS - 60);
    expect((await read(await renew())).status).to.equal(200);
    await moveClock(server.database, 120);
    const wanted = requestOf(await challengeOf(await renew()));
    const { data } = await server.domain.auditSearch.page(
      { actor: `operator:${id}`, event: 'operator.refused' },
      { limit: 9 },
    );
    expect(data.map(({ reason }) => reason)).to.deep.equal(['sign_in_too_old']);
    const again = await signIn({ email, app }, agent, wanted);
    expect(again.asked).to.deep.equal(['login', 'second-factor']);
    expect((await read(again.tokens.access_token)).status).to.equal(200);
  });

  it('challenges a token that is bound to a key by the scheme DPoP', async () => {
    const { email, app } = await operator({ enrol: false });
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    const { tokens } = await signIn({ email, app }, new BrowserAgent(), {}, { DPoP });
    expect(tokens.token_type).to.equal('dpop');
    const challenge = await challengeOf(tokens.access_token, DPoP);
    expect(challenge.scheme).to.equal('dpop');
    expect(challenge.parameters).to.include({ error: 'insufficient_user_authentication' });
    // without the proof it is not a valid token at all
    expect((await call(server, tokens.access_token, READ)).body).to.include({ code: 'INVALID_TOKEN' });
  });

  it('challenges on every route that the token is for', async () => {
    const { email } = await operator({ enrol: false });
    const all = `openid ${[...new Set(Object.values(SCOPES))].join(' ')}`;
    const { tokens } = await signIn({ email }, new BrowserAgent(), { scope: all });
    for (const { id, method, path } of operations.filter(({ document }) => document === 'admin.yaml')) {
      const route = path.replace('/admin/v1', '').replaceAll(/\{\w+\}/g, '999999999');
      const hasBody = ['post', 'patch'].includes(method);
      const answer = await call(
        server,
        tokens.access_token,
        [method.toUpperCase(), route],
        hasBody ? { body: {} } : {},
      );
      expect(answer.status, id).to.equal(401);
      expect(answer.body.code, id).to.equal('INSUFFICIENT_USER_AUTHENTICATION');
    }
  });

  it('does not challenge a client on its own', async () => {
    expect((await call(server, await clientToken(server, 'admin:overview:read'), READ)).status).to.equal(200);
  });

  it('refuses callers without permission anyway, without a challenge', async () => {
    const { email } = await person(server);
    const { tokens } = await signIn({ email }, new BrowserAgent());
    const stranger = await call(server, tokens.access_token, READ);
    expect(stranger.status).to.equal(403);
    expect(stranger.headers.get('www-authenticate'))
      .to.include('insufficient_scope')
      .and.not.include('acr_values');
    const { token } = await weakOperator();
    expect((await call(server, token, ['POST', '/keys/rotate'])).status).to.equal(403);
    for (const garbage of ['nonsense', `${token}x`, token.toUpperCase(), 'x'.repeat(2000)]) {
      const answer = await call(server, garbage, READ);
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('www-authenticate'))
        .to.include('invalid_token')
        .and.not.include('acr_values');
    }
  });

  it('challenges a token from before tokens said how the operator signed in', async () => {
    const { email, app } = await operator();
    const { tokens } = await signIn({ email, app }, new BrowserAgent());
    expect((await read(tokens.access_token)).status).to.equal(200);
    await server.database.knex.raw(
      "update records set payload = (payload::jsonb - 'extra')::json where kind = 'AccessToken'",
    );
    expect((await challengeOf(tokens.access_token)).parameters.acr_values).to.equal('urn:pratu:acr:mfa');
  });

  it('leaves the role as the only rule where one factor is enough', async () => {
    const relaxed = await startServer({ console: { secondFactor: 'optional' } });
    const { email } = await person(relaxed, 'viewer');
    await registerApp(relaxed);
    const token = await personToken(relaxed, email, 'admin:overview:read');
    expect((await call(relaxed, token, READ)).status).to.equal(200);
    await relaxed.stop();
  });
});
