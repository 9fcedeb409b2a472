import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { authorize, basic, OFFLINE, redeem, refresh } from '../../test/support/code-flow.ts';
import { assertion, JWT_BEARER } from '../assertion.ts';
import { CIBA } from '../backchannel.ts';
import { notApplicable } from '../check.ts';
import { publishClient } from '../document-client.ts';
import { signIn } from '../flow.ts';
import { postForm, type Target } from '../target.ts';
import { byPolling } from './backchannel.ts';
import { certificateAuthentication } from './certificates.ts';
import type { Uses } from './use.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ASSERTION = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const PROGRAM = { redirect_uris: [], response_types: [], scope: undefined };

const tokens = (target: Target, fields: Record<string, string>, headers = {}) =>
  postForm(target.endpoint('token_endpoint'), fields, headers);

const firstForm = (page: string): string => page.slice(0, page.indexOf('</form>'));

/** Enters the user code, signs in and approves, like a person in front of a device. */
async function approve({ person }: Target, uri: string, userCode: string): Promise<void> {
  const agent = new BrowserAgent();
  const asked = await (await agent.follow(uri)).text();
  const shown = await (await agent.submit('/device', { user_code: userCode }, firstForm(asked))).text();
  let page = await (await agent.submit('/device', {}, firstForm(shown))).text();
  for (let step = 0; step < 3; step += 1) {
    const action = /action="(\/interaction\/[\w-]+\/(?:login|consent))"/.exec(page)?.[1];
    if (!action) return;
    const { login, password } = person;
    const fields: Record<string, string> = action.endsWith('login') ? { login, password } : {};
    page = await (await agent.submit(action, fields, firstForm(page))).text();
  }
}

/** The registration and authentication of clients. */
export const clients: Uses = {
  grant_types_supported: {
    async authorization_code(target) {
      expect((await signIn(target)).tokens.access_token).to.be.a('string');
    },
    async refresh_token(target) {
      const { client, tokens: first } = await signIn(target, OFFLINE);
      expect((await refresh(target, client, first.refresh_token)).status).to.equal(200);
    },
    async client_credentials(target) {
      const client = await target.client({ ...PROGRAM, grant_types: ['client_credentials'] });
      const headers = { authorization: basic(client) };
      expect((await tokens(target, { grant_type: 'client_credentials' }, headers)).status).to.equal(200);
    },
    async password(target) {
      const client = await target.client({
        ...PROGRAM,
        ...{ first_party: true, grant_types: ['password'], scope: 'openid' },
      });
      const { login: username, password } = target.person;
      const fields = { grant_type: 'password', username, password, scope: 'openid' };
      expect((await tokens(target, fields, { authorization: basic(client) })).status).to.equal(200);
    },
    async [EXCHANGE](target) {
      const resource = target.resource ?? notApplicable('no resource server was given');
      const { client: caller, tokens: subject } = await signIn(target);
      const client = await target.client({
        ...{ ...PROGRAM, grant_types: [EXCHANGE] },
        token_exchange: [{ subject_clients: [caller.id], resource, scope: 'api:read', mode: 'delegation' }],
      });
      const { status, body } = await tokens(
        target,
        {
          ...{ grant_type: EXCHANGE, resource, scope: 'api:read' },
          ...{ subject_token: subject.access_token, subject_token_type: ACCESS_TOKEN },
        },
        { authorization: basic(client) },
      );
      expect([status, body.issued_token_type], JSON.stringify(body)).to.deep.equal([200, ACCESS_TOKEN]);
    },
    async [ASSERTION](target) {
      const resource = target.resource ?? notApplicable('no resource server was given');
      const { privateKey, publicKey } = await generateKeyPair('ES256');
      const client = await target.client({
        ...{ ...PROGRAM, grant_types: [ASSERTION], token_endpoint_auth_method: 'none' },
        ...{ client_credentials_scope: 'api:read', jwks: { keys: [await exportJWK(publicKey)] } },
      });
      const signed = await assertion(target, client.id, privateKey);
      const fields = { grant_type: ASSERTION, assertion: signed, scope: 'api:read', resource };
      const { status, body } = await tokens(target, fields);
      expect([status, body.scope], JSON.stringify(body)).to.deep.equal([200, 'api:read']);
    },
    [CIBA]: byPolling,
    async [DEVICE](target) {
      const client = await target.client({ ...PROGRAM, grant_types: [DEVICE], scope: 'openid' });
      const headers = { authorization: basic(client) };
      const url = target.endpoint('device_authorization_endpoint');
      const { body } = await postForm(url, { scope: 'openid' }, headers);
      await approve(target, body.verification_uri, body.user_code);
      const answer = await tokens(target, { grant_type: DEVICE, device_code: body.device_code }, headers);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    },
  },
  token_endpoint_auth_methods_supported: {
    ...certificateAuthentication,
    async client_secret_basic(target) {
      const client = await target.client({ token_endpoint_auth_method: 'client_secret_basic' });
      expect((await signIn(target, {}, { client })).tokens.access_token).to.be.a('string');
    },
    async client_secret_post(target) {
      const client = await target.client({
        ...PROGRAM,
        ...{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' },
      });
      const fields = { client_id: client.id, client_secret: client.secret };
      expect((await tokens(target, { grant_type: 'client_credentials', ...fields })).status).to.equal(200);
    },
    async private_key_jwt(target) {
      const { privateKey, publicKey } = await generateKeyPair('ES256');
      const client = await target.client({
        ...PROGRAM,
        ...{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'private_key_jwt' },
        jwks: { keys: [await exportJWK(publicKey)] },
      });
      const { status } = await tokens(target, {
        ...{ grant_type: 'client_credentials', client_assertion_type: JWT_BEARER },
        client_assertion: await assertion(target, client.id, privateKey),
      });
      expect(status).to.equal(200);
    },
    async none(target) {
      const client = await target.client({ token_endpoint_auth_method: 'none' });
      const authorized = await authorize(target, client, {}, new BrowserAgent(), target.person);
      expect((await redeem(target, client, authorized)).status).to.equal(200);
    },
  },
  client_id_metadata_document_supported: {
    async true(target) {
      const client = publishClient(target);
      const authorized = await authorize(target, client, {}, new BrowserAgent(), target.person);
      expect((await redeem(target, client, authorized)).status).to.equal(200);
    },
  },
  subject_types_supported: {
    async public(target) {
      const [one, two] = [await signIn(target), await signIn(target)];
      expect(one.claims.sub).to.equal(two.claims.sub);
    },
    async pairwise(target) {
      const [open, pairwise] = [await signIn(target), await target.client({ subject_type: 'pairwise' })];
      const { claims } = await signIn(target, {}, { client: pairwise });
      expect(claims.sub).to.be.a('string').and.not.equal(open.claims.sub);
    },
  },
};
