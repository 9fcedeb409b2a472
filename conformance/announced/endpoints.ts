import { expect } from 'chai';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { basic, requestOf } from '../../test/support/code-flow.ts';
import { pkce } from '../../test/support/sign-in.ts';
import { notApplicable } from '../check.ts';
import { LOGIN_PAGE, signIn } from '../flow.ts';
import { CALLBACK, json, postForm } from '../target.ts';
import type { Uses } from './use.ts';

/** The endpoints. A check of `discovery` verifies that they are on the host of the issuer. */
export const endpoints: Uses = {
  async issuer({ url, metadata }) {
    expect(metadata.issuer).to.equal(url);
  },
  async authorization_endpoint(target) {
    const query = new URLSearchParams(requestOf(await target.client()));
    const url = `${target.endpoint('authorization_endpoint')}?${query}`;
    expect(await (await new BrowserAgent().follow(url)).text()).to.include(LOGIN_PAGE);
  },
  async token_endpoint(target) {
    const { status, body } = await postForm(target.endpoint('token_endpoint'), { grant_type: 'none' });
    expect(status).to.be.within(400, 401);
    expect(body).to.have.property('error');
  },
  async jwks_uri(target) {
    expect((await json(target.endpoint('jwks_uri'))).body.keys).to.be.an('array').that.is.not.empty;
  },
  async userinfo_endpoint(target) {
    const { tokens, claims } = await signIn(target);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect((await json(target.endpoint('userinfo_endpoint'), { headers })).body.sub).to.equal(claims.sub);
  },
  async introspection_endpoint(target) {
    const { tokens, client } = await signIn(target);
    const headers = { authorization: basic(client) };
    const url = target.endpoint('introspection_endpoint');
    expect((await postForm(url, { token: tokens.access_token }, headers)).body.active).to.equal(true);
  },
  async revocation_endpoint(target) {
    const { tokens, client } = await signIn(target);
    const fields = { token: tokens.access_token };
    const headers = { authorization: basic(client) };
    expect((await postForm(target.endpoint('revocation_endpoint'), fields, headers)).status).to.equal(200);
    const url = target.endpoint('introspection_endpoint');
    expect((await postForm(url, fields, headers)).body.active).to.equal(false);
  },
  async pushed_authorization_request_endpoint(target) {
    const client = await target.client();
    const { body } = await postForm(
      target.endpoint('pushed_authorization_request_endpoint'),
      requestOf(client),
      { authorization: basic(client) },
    );
    const query = new URLSearchParams({ client_id: client.id, request_uri: body.request_uri });
    const url = `${target.endpoint('authorization_endpoint')}?${query}`;
    expect(await (await new BrowserAgent().follow(url)).text()).to.include(LOGIN_PAGE);
  },
  async device_authorization_endpoint(target) {
    const client = await target.client({
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
      ...{ redirect_uris: [], response_types: [], scope: 'openid' },
    });
    const url = target.endpoint('device_authorization_endpoint');
    const { status, body } = await postForm(url, { scope: 'openid' }, { authorization: basic(client) });
    expect(status).to.equal(200);
    expect(body).to.include.keys('device_code', 'user_code', 'verification_uri', 'expires_in');
  },
  async end_session_endpoint(target) {
    expect((await new BrowserAgent().follow(target.endpoint('end_session_endpoint'))).status).to.equal(200);
  },
  async registration_endpoint(target) {
    const { initialAccessToken: token } = target;
    if (!token) return notApplicable('no initial access token was given');
    const { status } = await json(target.endpoint('registration_endpoint'), {
      method: 'POST',
      body: JSON.stringify({ redirect_uris: [CALLBACK] }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
    });
    expect(status).to.equal(201);
  },
  async authorization_challenge_endpoint(target) {
    const client = await target.client({ first_party: true });
    const { challenge } = pkce();
    const { login, password } = target.person;
    const { status, body } = await postForm(
      target.endpoint('authorization_challenge_endpoint'),
      { scope: 'openid', login_hint: login, password, code_challenge: challenge },
      { authorization: basic(client) },
    );
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(body.authorization_code).to.be.a('string');
  },
};
