import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK } from 'jose';
import { OFFLINE } from '../../test/support/code-flow.ts';
import { group, SPECS } from '../check.ts';
import {
  authorizeFapi,
  type Changes,
  type FapiClient,
  fapiClient,
  newKey,
  proofFor,
  redeemFapi,
  resource,
  tokensFor,
} from '../fapi-client.ts';
import { verified } from '../flow.ts';
import type { Target } from '../target.ts';

const TOKENS = `${SPECS.fapi} §5.3.2.1`;

async function signInFapi(target: Target, client: FapiClient, params = {}) {
  const { status, body } = await redeemFapi(target, client, await authorizeFapi(target, client, params));
  expect([status, body.token_type], JSON.stringify(body)).to.deep.equal([200, 'DPoP']);
  return body;
}

interface Held {
  client: FapiClient;
  accessToken: string;
}

const held = new WeakMap<Target, Promise<Held>>();

/** Returns one client with a token, shared by the checks that do not change them. */
function tokenHolder(target: Target): Promise<Held> {
  const made = held.get(target) ?? hold(target);
  held.set(target, made);
  return made;
}

async function hold(target: Target): Promise<Held> {
  const client = await fapiClient(target);
  const { access_token: accessToken } = await signInFapi(target, client);
  return { client, accessToken };
}

const hour = (sign: number) => Math.floor(Date.now() / 1000) + sign * 3600;
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

export const fapiTokens = group('fapi-tokens', (check) => {
  check('verifier', TOKENS, 'need the verifier of the request', async (target) => {
    const client = await fapiClient(target);
    for (const verifier of [undefined, 'x'.repeat(43)]) {
      const { code } = await authorizeFapi(target, client);
      const sent = verifier === undefined ? { code } : { code, verifier };
      expect((await redeemFapi(target, client, sent)).body.error).to.equal('invalid_grant');
    }
  });

  check('proof', TOKENS, 'need a proof, also when they are refreshed', async (target) => {
    const client = await fapiClient(target);
    const granted = await authorizeFapi(target, client);
    expect((await redeemFapi(target, client, granted, { dpop: false })).status).to.equal(400);
    const { refresh_token = '' } = await signInFapi(target, client, OFFLINE);
    const fields = { grant_type: 'refresh_token', refresh_token };
    expect((await tokensFor(target, client, fields, { dpop: false })).status).to.equal(400);
    expect((await tokensFor(target, client, fields)).status).to.equal(200);
  });

  check('no-rotation', `${SPECS.fapi} §5.3.2.1`, 'do not change the refresh token', async (target) => {
    const client = await fapiClient(target);
    const { refresh_token: token } = await signInFapi(target, client, OFFLINE);
    const { body } = await tokensFor(target, client, { grant_type: 'refresh_token', refresh_token: token });
    expect(body.refresh_token ?? token).to.equal(token);
  });

  check('of-client', TOKENS, 'are not for the code of another client', async (target) => {
    const [client, other] = [await fapiClient(target), await fapiClient(target)];
    const { body } = await redeemFapi(target, other, await authorizeFapi(target, client));
    expect(body.error).to.equal('invalid_grant');
  });

  check('code-once', TOKENS, 'end when a code comes again', async (target) => {
    const client = await fapiClient(target);
    const granted = await authorizeFapi(target, client);
    const { body } = await redeemFapi(target, client, granted);
    await target.wait(1);
    expect((await redeemFapi(target, client, granted)).body.error).to.equal('invalid_grant');
    expect((await resource(target, client, body.access_token)).status).to.equal(401);
  });

  check('code-lifetime', TOKENS, 'are not for a code of more than a minute', async (target) => {
    const client = await fapiClient(target);
    const granted = await authorizeFapi(target, client);
    await target.wait(62);
    expect((await redeemFapi(target, client, granted)).body.error).to.equal('invalid_grant');
  });

  check('code-key', 'RFC 9449 §10', 'are for the key that the request named', async (target) => {
    const client = await fapiClient(target);
    const granted = await authorizeFapi(target, client, { dpop_jkt: 'x'.repeat(43) });
    expect((await redeemFapi(target, client, granted)).body.error).to.equal('invalid_grant');
  });

  check('algorithms', `${SPECS.fapi} §5.4.1`, 'come with ID tokens by ES256 or PS256', async (target) => {
    const { id_token: token } = await signInFapi(target, await fapiClient(target));
    expect((await verified(target, token)).protectedHeader.alg).to.be.oneOf(['ES256', 'PS256']);
  });

  check(
    'registration',
    `${SPECS.fapi} §5.4.1`,
    'are not for clients that contradict the profile',
    async (target) => {
      for (const metadata of [
        { id_token_signed_response_alg: 'RS256' },
        { token_endpoint_auth_method: 'client_secret_basic' },
        { redirect_uris: ['http://client.example/cb'] },
      ]) {
        const refused = await fapiClient(target, metadata).catch((error: Error) => error);
        expect(refused, JSON.stringify(metadata)).to.be.instanceOf(Error);
      }
    },
  );

  check(
    'resource',
    'RFC 9449 §7.1',
    'open userinfo, scheme in any case, query not in the proof',
    async (target) => {
      const { client, accessToken: token } = await tokenHolder(target);
      for (const scheme of ['DPoP', 'dpop'])
        expect((await resource(target, client, token, { scheme })).status, scheme).to.equal(200);
      expect((await resource(target, client, token, { query: '?a=b' })).status).to.equal(200);
      const url = target.endpoint('userinfo_endpoint');
      const upper = url.replace('//localhost', '//LOCALHOST');
      const late = Math.floor(Date.now() / 1000) - 10;
      for (const claims of [{ htu: `${url}?c=d` }, { htu: upper }, { iat: late }, { iat: late + 20 }]) {
        const dpop = await proofFor(client, ['GET', url], { accessToken: token, claims });
        expect((await resource(target, client, token, { dpop })).status, JSON.stringify(claims)).to.equal(
          200,
        );
      }
    },
  );

  const wrong: Record<string, (client: FapiClient) => Promise<Changes> | Changes> = {
    'of another type': () => ({ header: { typ: 'jwt' } }),
    'without a key': () => ({ header: { jwk: undefined } }),
    'with a private key': async () => {
      const key = await newKey();
      return { key, header: { jwk: await exportJWK(key.privateKey) } };
    },
    'of another key': async () => ({ key: await newKey() }),
    'without an id': () => ({ claims: { jti: undefined } }),
    'for another method': () => ({ claims: { htm: 'POST' } }),
    'for another address': () => ({ claims: { htu: 'https://evil.example/oauth/userinfo' } }),
    'of an hour ago': () => ({ claims: { iat: hour(-1) } }),
    'of an hour from now': () => ({ claims: { iat: hour(1) } }),
    'for no token': () => ({ claims: { ath: undefined } }),
    'for another token': () => ({ claims: { ath: digest('another') } }),
  };
  for (const [name, changes] of Object.entries(wrong))
    check(
      `proof-${name.replaceAll(' ', '-')}`,
      'RFC 9449 §4.3',
      `are of no use with a proof ${name}`,
      async (target) => {
        const { client, accessToken } = await tokenHolder(target);
        const at = ['GET', target.endpoint('userinfo_endpoint')] as const;
        const dpop = await proofFor(client, at, { accessToken, ...(await changes(client)) });
        expect((await resource(target, client, accessToken, { dpop })).status).to.be.oneOf([400, 401]);
      },
    );

  check('downgrade', 'RFC 9449 §7.1', 'are of no use as Bearer or without a proof', async (target) => {
    const { client, accessToken: token } = await tokenHolder(target);
    for (const options of [
      { scheme: 'Bearer' },
      { scheme: 'Bearer', dpop: false as const },
      { dpop: false as const },
    ])
      expect((await resource(target, client, token, options)).status).to.be.oneOf([400, 401]);
  });

  check('replay', 'RFC 9449 §11.1', 'are of no use with a proof that was used', async (target) => {
    const { client, accessToken } = await tokenHolder(target);
    const claims = { jti: randomUUID() };
    const dpop = await proofFor(client, ['GET', target.endpoint('userinfo_endpoint')], {
      accessToken,
      claims,
    });
    expect((await resource(target, client, accessToken, { dpop })).status).to.equal(200);
    expect((await resource(target, client, accessToken, { dpop })).status).to.equal(401);
  });
});
