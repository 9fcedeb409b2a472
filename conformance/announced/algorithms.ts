import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { basic, requestOf, requestUrl } from '../../test/support/code-flow.ts';
import { assertion, JWT_BEARER } from '../assertion.ts';
import { clientUrl, signIn, verified } from '../flow.ts';
import { introspectSigned } from '../introspection.ts';
import { json, postForm, type Target } from '../target.ts';
import { expectCode } from './requests.ts';
import { each, type Uses } from './use.ts';

/** The algorithms with which the server signs, */
const SIGNS = ['RS256', 'PS256', 'ES256'] as const;
/** and those whose signatures it verifies. */
const VERIFIES = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'] as const;
const PROOFS = ['ES256', 'Ed25519', 'EdDSA'] as const;

async function keyFor(alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), alg, kid: 'one' } };
}

async function idToken(target: Target, alg: string): Promise<void> {
  const client = await target.client({ id_token_signed_response_alg: alg });
  const { tokens } = await signIn(target, {}, { client });
  expect(decodeProtectedHeader(tokens.id_token).alg).to.equal(alg);
  await verified(target, tokens.id_token, { audience: client.id });
}

async function userinfo(target: Target, alg: string): Promise<void> {
  const client = await target.client({ userinfo_signed_response_alg: alg });
  const { tokens } = await signIn(target, {}, { client });
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const { body } = await json(target.endpoint('userinfo_endpoint'), { headers });
  expect(decodeProtectedHeader(body).alg).to.equal(alg);
  await verified(target, body, { audience: client.id });
}

async function introspection(target: Target, alg: string): Promise<void> {
  const { client, answer } = await introspectSigned(target, { introspection_signed_response_alg: alg });
  expect(decodeProtectedHeader(answer.body).alg).to.equal(alg);
  await verified(target, answer.body, { audience: client.id });
}

async function authorizationResponse(target: Target, alg: string): Promise<void> {
  const client = await target.client({ authorization_signed_response_alg: alg });
  const params = { response_mode: 'jwt', prompt: 'none' };
  const answer = await new BrowserAgent().follow(requestUrl(target, client, params));
  const response = clientUrl(answer).searchParams.get('response') ?? '';
  expect(decodeProtectedHeader(response).alg).to.equal(alg);
  await verified(target, response, { audience: client.id });
}

async function requestObject(target: Target, alg: string): Promise<void> {
  const { privateKey, jwk } = await keyFor(alg);
  const client = await target.client({ jwks: { keys: [jwk] }, request_object_signing_alg: alg });
  const request = await new SignJWT({ ...requestOf(client), state: 'of the object' })
    .setProtectedHeader({ alg, kid: 'one', typ: 'oauth-authz-req+jwt' })
    .setIssuer(client.id)
    .setAudience(target.url)
    .setIssuedAt()
    .setExpirationTime('1m')
    .setNotBefore('0s')
    .setJti(randomUUID())
    .sign(privateKey);
  const query = new URLSearchParams({
    client_id: client.id,
    scope: 'openid',
    response_type: 'code',
    request,
  });
  await expectCode(target, `${target.endpoint('authorization_endpoint')}?${query}`);
}

async function clientAssertion(target: Target, alg: string): Promise<void> {
  const { privateKey, jwk } = await keyFor(alg);
  const client = await target.client({
    ...{ token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg },
    ...{ grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: undefined },
    jwks: { keys: [jwk] },
  });
  const { status, body } = await postForm(target.endpoint('token_endpoint'), {
    ...{ grant_type: 'client_credentials', client_assertion_type: JWT_BEARER },
    client_assertion: await assertion(target, client.id, privateKey, {}, { alg }),
  });
  expect(status, JSON.stringify(body)).to.equal(200);
}

async function dpop(target: Target, alg: string): Promise<void> {
  const { privateKey, jwk } = await keyFor(alg);
  const proof = (htm: string, htu: string, claims: object): Promise<string> =>
    new SignJWT({ htm, htu, jti: randomUUID(), ...claims })
      .setIssuedAt()
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk })
      .sign(privateKey);
  const { client, agent } = await signIn(target);
  const url = requestUrl(target, client, { prompt: 'none' });
  const code = clientUrl(await agent.follow(url)).searchParams.get('code') ?? '';
  const { body } = await postForm(
    target.endpoint('token_endpoint'),
    { grant_type: 'authorization_code', code, redirect_uri: client.redirectUri },
    { authorization: basic(client), dpop: await proof('POST', target.endpoint('token_endpoint'), {}) },
  );
  expect(body.token_type, JSON.stringify(body)).to.equal('DPoP');
  const endpoint = target.endpoint('userinfo_endpoint');
  const ath = createHash('sha256').update(body.access_token).digest('base64url');
  const headers = {
    authorization: `DPoP ${body.access_token}`,
    dpop: await proof('GET', endpoint, { ath }),
  };
  expect((await json(endpoint, { headers })).status).to.equal(200);
}

/** The algorithms with which the server signs, and those whose signatures it verifies. */
export const algorithms: Uses = {
  id_token_signing_alg_values_supported: each(SIGNS, idToken),
  userinfo_signing_alg_values_supported: each(SIGNS, userinfo),
  introspection_signing_alg_values_supported: each(SIGNS, introspection),
  authorization_signing_alg_values_supported: each(SIGNS, authorizationResponse),
  request_object_signing_alg_values_supported: each(VERIFIES, requestObject),
  token_endpoint_auth_signing_alg_values_supported: each(VERIFIES, clientAssertion),
  dpop_signing_alg_values_supported: each(PROOFS, dpop),
};
