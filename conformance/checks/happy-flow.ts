import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { authorize, basic, redeem, requestOf, requestUrl } from '../../test/support/code-flow.ts';
import { pkce, signInOnPages } from '../../test/support/sign-in.ts';
import { group, SPECS } from '../check.ts';
import { clientUrl, errorAt, LOGIN_PAGE, open, signIn, verified } from '../flow.ts';
import { CALLBACK, postForm } from '../target.ts';

const YEAR = 365 * 86_400;
/** 128 characters, including those with a special meaning elsewhere. */
export const LONG_STATE = '0123456789-._~'.repeat(10).slice(0, 128);

export const happyFlow = group('happy-flow', (check) => {
  check('library', `${SPECS.core} §3.1`, 'works with a certified client library', async (target) => {
    const client = await target.client();
    const configuration = await oidc.discovery(new URL(target.url), client.id, client.secret);
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: CALLBACK, scope: 'openid email', state, nonce },
      ...{ code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    });
    const back = await signInOnPages(new BrowserAgent(), url.href, target.person);
    const expected = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
    const tokens = await oidc.authorizationCodeGrant(configuration, back, expected);
    const subject = tokens.claims()?.sub ?? '';
    const claims = await oidc.fetchUserInfo(configuration, tokens.access_token, subject);
    expect(claims.email).to.equal(target.person.login);
  });

  check('response', 'RFC 6749 §4.1.2', 'returns code, exact state, iss and nothing else', async (target) => {
    const { back } = await signIn(target, { state: LONG_STATE });
    expect(back.origin + back.pathname).to.equal(CALLBACK);
    expect([...back.searchParams.keys()]).to.have.members(['code', 'state', 'iss']);
    expect(back.searchParams.get('state')).to.equal(LONG_STATE);
  });

  check('code-entropy', 'RFC 6749 §10.10', 'has codes that nobody guesses', async (target) => {
    const client = await target.client();
    const agent = new BrowserAgent();
    const codes = [];
    for (let turn = 0; turn < 4; turn += 1)
      codes.push((await authorize(target, client, {}, agent, target.person)).code);
    expect(new Set(codes).size).to.equal(codes.length);
    // 96 bits in base64url are 16 characters
    for (const code of codes) expect(code).to.match(/^[\w-]{16,}$/);
  });

  check('id-token', `${SPECS.core} §2`, 'has an ID token with the right claims', async (target) => {
    const { tokens, client } = await signIn(target, { nonce: 'nonce-1' });
    const { payload } = await verified(target, tokens.id_token, { audience: client.id });
    const now = Date.now() / 1000;
    expect(payload).to.include({ iss: target.url, aud: client.id, nonce: 'nonce-1' });
    expect(payload.sub).to.match(/^[\x20-\x7e]{1,255}$/);
    expect(payload.acr).to.be.a('string').and.not.equal('');
    expect(payload.iat).to.be.closeTo(now, 300);
    expect(payload.exp).to.be.within(now, now + 50 * YEAR);
  });

  check('rs256', `${SPECS.core} §15.1`, 'signs by RS256 unless asked, and names its key', async (target) => {
    const header = decodeProtectedHeader((await signIn(target)).tokens.id_token);
    expect(header.alg).to.equal('RS256');
    expect(header.kid).to.be.a('string').and.not.equal('');
  });

  check('at-hash', `${SPECS.core} §3.1.3.6`, 'has a right at_hash where there is one', async (target) => {
    const { tokens, claims } = await signIn(target);
    const half = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16);
    if ('at_hash' in claims) expect(claims.at_hash).to.equal(half.toString('base64url'));
  });

  check('token-response', 'RFC 6749 §5.1', 'has a token response that nobody stores', async (target) => {
    const client = await target.client();
    const authorized = await authorize(target, client, {}, new BrowserAgent(), target.person);
    const { status, headers, body } = await redeem(target, client, authorized);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^application\/json/);
    expect(headers.get('cache-control')).to.include('no-store');
    expect(body.token_type).to.equal('Bearer');
    expect(body.expires_in).to.be.a('number').within(1, YEAR);
  });

  check('id-token-claims', `${SPECS.core} §5.4`, 'keeps claims of scopes for userinfo', async (target) => {
    const client = await target.client({ scope_claims_in_id_token: false });
    const params = { scope: 'openid profile email phone address' };
    const { claims } = await signIn(target, params, { client });
    expect(claims).to.not.have.any.keys('name', 'email', 'phone_number', 'address', 'nickname');
  });

  check('client-secret-post', 'RFC 6749 §2.3.1', 'takes a secret in the body', async (target) => {
    expect(target.metadata.token_endpoint_auth_methods_supported).to.include('client_secret_post');
    const client = await target.client({ token_endpoint_auth_method: 'client_secret_post' });
    const { code, verifier } = await authorize(target, client, {}, new BrowserAgent(), target.person);
    const { status } = await postForm(target.endpoint('token_endpoint'), {
      ...{
        grant_type: 'authorization_code',
        code,
        redirect_uri: client.redirectUri,
        code_verifier: verifier,
      },
      ...{ client_id: client.id, client_secret: client.secret },
    });
    expect(status).to.equal(200);
  });

  check('basic-encoding', 'RFC 6749 §2.3.1', 'decodes the parts of Basic as a form', async (target) => {
    const client = await target.client({ client_id: `conformance:${Date.now()}+%&=/`, ...MACHINE });
    const { status } = await postForm(target.endpoint('token_endpoint'), CLIENT_CREDENTIALS, {
      authorization: basic(client),
    });
    expect(status).to.equal(200);
  });

  check('order', `${SPECS.core} §3.1.2.1`, 'does not depend on the order of things', async (target) => {
    const client = await target.client();
    const { challenge, verifier } = pkce();
    const params = requestOf(client, { code_challenge: challenge, code_challenge_method: 'S256' });
    const query = new URLSearchParams(Object.entries({ ...params, scope: 'email profile openid' }).reverse());
    const url = `${target.endpoint('authorization_endpoint')}?${query}`;
    const back = await signInOnPages(new BrowserAgent(), url, target.person);
    const code = back.searchParams.get('code') ?? '';
    const { status, body } = await redeem(target, client, { code, verifier });
    expect(status).to.equal(200);
    expect(body.scope.split(' ')).to.have.members(['openid', 'profile', 'email']);
  });

  check('no-nonce', `${SPECS.core} §3.1.2.1`, 'needs no nonce, and makes none up', async (target) => {
    expect((await signIn(target)).claims).to.not.have.property('nonce');
  });

  check('front-channel-tokens', 'RFC 9700 §2.1.2', 'gives no token by the front channel', async (target) => {
    const client = await target.client();
    for (const responseType of ['token', 'id_token', 'id_token token', 'code id_token', 'code token']) {
      const answer = await open(target, client, { response_type: responseType, nonce: 'n' });
      const { searchParams, hash } = clientUrl(answer);
      const error = searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error');
      expect(error, responseType).to.equal('unsupported_response_type');
    }
  });

  check('pkce', 'RFC 7636 §4.6', 'verifies PKCE of confidential clients too', async (target) => {
    const client = await target.client();
    const authorized = await authorize(target, client, {}, new BrowserAgent(), target.person);
    const wrong = await redeem(target, client, { ...authorized, verifier: pkce().verifier });
    expect([wrong.status, wrong.body.error]).to.deep.equal([400, 'invalid_grant']);
  });

  check('unknown-parameter', `${SPECS.core} §3.1.2.1`, 'ignores what it does not know', async (target) => {
    expect((await signIn(target, { extra: 'foobar' })).back.searchParams.has('extra')).to.equal(false);
  });

  check('post', `${SPECS.core} §3.1.2.1`, 'takes the request by POST, also in a session', async (target) => {
    const { agent, client } = await signIn(target);
    for (const browser of [new BrowserAgent(), agent]) {
      const answer = await browser.follow(target.endpoint('authorization_endpoint'), {
        method: 'POST',
        body: new URLSearchParams(requestOf(client)),
        headers: { origin: 'https://client.example', 'sec-fetch-site': 'cross-site' },
      });
      if (browser === agent) expect(clientUrl(answer).searchParams.has('code')).to.equal(true);
      else expect(await answer.text()).to.include(LOGIN_PAGE);
    }
  });

  check('response-type-missing', `${SPECS.core} §3.1.2.6`, 'needs a response_type', async (target) => {
    const answer = await open(target, await target.client(), { response_type: undefined });
    expect(errorAt(answer)).to.be.oneOf(['invalid_request', 'unsupported_response_type']);
  });

  check('errors', 'RFC 6749 §4.1.2.1', 'has errors of known parts, with the exact state', async (target) => {
    const url = requestUrl(target, await target.client(), { prompt: 'none', state: LONG_STATE });
    const { searchParams } = clientUrl(await new BrowserAgent().follow(url));
    expect(searchParams.get('state')).to.equal(LONG_STATE);
    for (const name of searchParams.keys())
      expect(name).to.be.oneOf(['error', 'error_description', 'error_uri', 'state', 'iss', 'session_state']);
    expect(searchParams.get('error_description')).to.match(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});

const MACHINE = {
  ...{ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
  scope: undefined,
};
const CLIENT_CREDENTIALS = { grant_type: 'client_credentials' };
