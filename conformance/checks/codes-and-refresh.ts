import { expect } from 'chai';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { authorize, basic, OFFLINE, redeem, refresh, userinfo } from '../../test/support/code-flow.ts';
import { assertion, JWT_BEARER } from '../assertion.ts';
import { group, notApplicable, SPECS } from '../check.ts';
import { signIn } from '../flow.ts';
import { postForm, type RegisteredClient, type Target } from '../target.ts';

/** The token request and the registration of a client with a key instead of a secret. */
const CLIENT_CREDENTIALS = { grant_type: 'client_credentials' };
const KEYED = {
  ...{ token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'] },
  ...{ response_types: [], redirect_uris: [], scope: undefined },
};

const ask = async (target: Target, client: RegisteredClient, key: CryptoKey, claims = {}, header = {}) =>
  postForm(target.endpoint('token_endpoint'), {
    ...CLIENT_CREDENTIALS,
    client_assertion_type: JWT_BEARER,
    client_assertion: await assertion(target, client.id, key, claims, header),
  });

export const codesAndRefresh = group('codes', (check) => {
  check('reuse', 'RFC 6749 §4.1.2', 'work once', async (target) => {
    const client = await target.client();
    const authorized = await authorize(target, client, {}, new BrowserAgent(), target.person);
    expect((await redeem(target, client, authorized)).status).to.equal(200);
    const again = await redeem(target, client, authorized);
    expect([again.status, again.body.error]).to.deep.equal([400, 'invalid_grant']);
  });

  check(
    'reuse-later',
    'RFC 6749 §4.1.2',
    'used again half a minute later end what they gave out',
    async (target) => {
      const client = await target.client();
      const authorized = await authorize(target, client, OFFLINE, new BrowserAgent(), target.person);
      const { body } = await redeem(target, client, authorized);
      expect((await userinfo(target, body.access_token)).status).to.equal(200);
      await target.wait(31);
      expect((await redeem(target, client, authorized)).body.error).to.equal('invalid_grant');
      expect((await userinfo(target, body.access_token)).status).to.equal(401);
      expect((await refresh(target, client, body.refresh_token)).body.error).to.equal('invalid_grant');
    },
  );

  check('of-client', 'RFC 6749 §4.1.3', 'belong to their client and redirect URI', async (target) => {
    const client = await target.client();
    const authorized = await authorize(target, client, {}, new BrowserAgent(), target.person);
    const other = await redeem(target, await target.client(), authorized);
    expect(other.body.error).to.equal('invalid_grant');
    const elsewhere = await authorize(target, client, {}, new BrowserAgent(), target.person);
    const wrong = await redeem(target, client, elsewhere, { redirect_uri: 'https://client.example/other' });
    expect(wrong.body.error).to.equal('invalid_grant');
  });

  check('lifetime', 'RFC 6749 §4.1.2', 'are dead after a minute', async (target) => {
    const client = await target.client();
    const authorized = await authorize(target, client, {}, new BrowserAgent(), target.person);
    await target.wait(62);
    expect((await redeem(target, client, authorized)).body.error).to.equal('invalid_grant');
  });

  check(
    'refresh',
    `${SPECS.core} §12.2`,
    'give refresh tokens whose ID tokens say the same',
    async (target) => {
      const { client, tokens, claims } = await signIn(target, { ...OFFLINE, max_age: '10000' });
      expect(tokens.refresh_token).to.match(/^[\x20-\x7e]{20,1024}$/);
      await target.wait(1);
      const { status, body } = await refresh(target, client, tokens.refresh_token, {
        scope: 'openid offline_access',
      });
      expect(status).to.equal(200);
      expect(body.access_token).to.be.a('string').and.not.equal(tokens.access_token);
      const { iss, sub, aud, auth_time, iat, azp } = decodeJwt(body.id_token ?? '');
      expect({ iss, sub, aud, azp, auth_time }).to.deep.equal({
        ...{ iss: claims.iss, sub: claims.sub, aud: claims.aud },
        ...{ azp: claims.azp, auth_time: claims.auth_time },
      });
      expect(iat).to.be.above(Number(claims.iat));
    },
  );

  check('no-refresh', `${SPECS.core} §11`, 'give no refresh token that nobody asked for', async (target) => {
    expect((await signIn(target)).tokens).to.not.have.property('refresh_token');
  });

  check('grants', 'RFC 6749 §5.2', 'are refused to clients without their grant', async (target) => {
    const client = await target.client({ grant_types: ['authorization_code'], scope: 'openid' });
    const headers = { authorization: basic(client) };
    for (const grant_type of ['refresh_token', 'client_credentials', 'password']) {
      const { status, body } = await postForm(target.endpoint('token_endpoint'), { grant_type }, headers);
      expect([status, body.error], grant_type).to.deep.equal([400, 'unauthorized_client']);
    }
  });

  check('refresh-of-client', 'RFC 6749 §6', 'give refresh tokens for their own client', async (target) => {
    const { tokens } = await signIn(target, OFFLINE);
    const { status, body } = await refresh(target, await target.client(), tokens.refresh_token);
    expect([status, body.error]).to.deep.equal([400, 'invalid_grant']);
  });

  check('refresh-scope', 'RFC 6749 §6', 'give refresh tokens that reach no further', async (target) => {
    const { client, tokens } = await signIn(target, OFFLINE);
    const { status, body } = await refresh(target, client, tokens.refresh_token, { scope: 'openid email' });
    expect([status, body.error]).to.deep.equal([400, 'invalid_scope']);
  });

  check('revocation', 'RFC 7009 §2', 'give tokens that their client can revoke', async (target) => {
    const { client, tokens } = await signIn(target, OFFLINE);
    const headers = { authorization: basic(client) };
    const url = target.endpoint('revocation_endpoint');
    expect((await postForm(url, { token: tokens.refresh_token ?? '' }, headers)).status).to.equal(200);
    expect((await refresh(target, client, tokens.refresh_token)).body.error).to.equal('invalid_grant');
    expect((await postForm(url, { token: 'unknown' }, headers)).status).to.equal(200);
  });

  check('introspection', 'RFC 7662 §2.2', 'give tokens that their client can introspect', async (target) => {
    const { client, tokens, claims } = await signIn(target);
    const headers = { authorization: basic(client) };
    const url = target.endpoint('introspection_endpoint');
    const { body } = await postForm(url, { token: tokens.access_token }, headers);
    expect(body).to.include({ active: true, client_id: client.id, sub: claims.sub });
    expect((await postForm(url, { token: 'unknown' }, headers)).body).to.deep.equal({ active: false });
  });

  check('assertion', 'RFC 7523 §3', 'are for clients with a right assertion', async (target) => {
    const { privateKey, publicKey } = await generateKeyPair('PS256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'PS256' }] };
    const client = await target.client({ ...KEYED, jwks });
    expect((await ask(target, client, privateKey)).status).to.equal(200);
    const wrong = { aud: 'https://evil.example', exp: Math.floor(Date.now() / 1000) - 100, sub: 'nobody' };
    for (const [name, value] of Object.entries(wrong)) {
      const { status, body } = await ask(target, client, privateKey, { [name]: value });
      expect([status, body.error], name).to.deep.equal([401, 'invalid_client']);
    }
    const other = (await generateKeyPair('PS256')).privateKey;
    expect((await ask(target, client, other)).body.error).to.equal('invalid_client');
  });

  check('assertion-reuse', 'RFC 7523 §3', 'are not for an assertion that was used', async (target) => {
    const { privateKey, publicKey } = await generateKeyPair('PS256');
    const client = await target.client({ ...KEYED, jwks: { keys: [await exportJWK(publicKey)] } });
    const jti = crypto.randomUUID();
    expect((await ask(target, client, privateKey, { jti })).status).to.equal(200);
    expect((await ask(target, client, privateKey, { jti })).body.error).to.equal('invalid_client');
  });

  check(
    'key-rotation',
    `${SPECS.core} §10.1.1`,
    'are for clients that change their key at jwks_uri',
    async (target) => {
      const { party } = target;
      if (!party) return notApplicable('the server cannot reach a host of ours');
      const publish = async (kid: string): Promise<CryptoKey> => {
        const { privateKey, publicKey } = await generateKeyPair('PS256');
        party.documents.set('/jwks.json', { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'PS256' }] });
        return privateKey;
      };
      const first = await publish('one');
      const client = await target.client({ ...KEYED, jwks_uri: `${party.url}/jwks.json` });
      expect((await ask(target, client, first, {}, { kid: 'one' })).status).to.equal(200);
      const second = await publish('two');
      await target.wait(61);
      expect((await ask(target, client, second, {}, { kid: 'two' })).status).to.equal(200);
    },
  );
});
