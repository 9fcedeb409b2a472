import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { BrowserAgent } from '../test/support/browser-agent.ts';
import { type Parameters, requestOf } from '../test/support/code-flow.ts';
import { pkce, signInOnPages } from '../test/support/sign-in.ts';
import { assertion, JWT_BEARER } from './assertion.ts';
import { type Answer, json, type Metadata, postForm, type RegisteredClient, type Target } from './target.ts';

export interface Key {
  privateKey: CryptoKey;
  jwk: JWK;
}

/** Deviating claims and header members. `undefined` omits one. */
export interface Changes {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: Key;
}

/** A client of the FAPI 2.0 Security Profile, with its keys for assertions and for proofs. */
export interface FapiClient extends RegisteredClient {
  key: Key;
  proofKey: Key;
}

export async function newKey(alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey) };
}

export async function fapiClient(target: Target, metadata: Metadata = {}, alg?: string): Promise<FapiClient> {
  const key = await newKey(alg);
  const registered = await target.client({ fapi_profile: '2.0', jwks: { keys: [key.jwk] }, ...metadata });
  return { ...registered, key, proofKey: await newKey() };
}

/** Creates a DPoP proof (RFC 9449 §4.2), which is valid except for the given changes. */
export function proofFor(
  { proofKey }: FapiClient,
  [htm, htu]: readonly [method: string, url: string],
  { accessToken, claims = {}, header = {}, key = proofKey }: Changes & { accessToken?: string } = {},
): Promise<string> {
  const ath = accessToken && createHash('sha256').update(accessToken).digest('base64url');
  const iat = Math.floor(Date.now() / 1000);
  return new SignJWT({ jti: randomUUID(), htm, htu, iat, ath, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk, ...header })
    .sign(key.privateKey);
}

/** Returns the parameters of the client authentication (RFC 7523 §2.2). */
export async function authenticated(
  target: Target,
  client: FapiClient,
  { claims, header, key }: Changes = {},
) {
  const { privateKey } = key ?? client.key;
  const signed = await assertion(target, client.id, privateKey, claims, header);
  return { client_assertion_type: JWT_BEARER, client_assertion: signed };
}

/** Returns a valid request without `undefined` members, and its verifier. */
export function requestFor(client: FapiClient, params: Parameters = {}) {
  const { verifier, challenge } = pkce();
  const proofKey = { code_challenge: challenge, code_challenge_method: 'S256' };
  return { verifier, request: requestOf(client, { ...proofKey, ...params }) };
}

/** Pushes a request (RFC 9126). */
export async function push(
  target: Target,
  client: FapiClient,
  request: Record<string, string>,
  changes?: Changes,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const url = target.endpoint('pushed_authorization_request_endpoint');
  return postForm(url, { ...request, ...(await authenticated(target, client, changes)) }, headers);
}

/** Returns the authorization URL of a pushed request. */
export const pushedUrl = (target: Target, { id }: RegisteredClient, requestUri: string): string =>
  `${target.endpoint('authorization_endpoint')}?${new URLSearchParams({
    client_id: id,
    request_uri: requestUri,
  })}`;

/** Pushes a request, then signs in and consents on the pages. */
export async function authorizeFapi(target: Target, client: FapiClient, params: Parameters = {}) {
  const { verifier, request } = requestFor(client, params);
  const { status, body } = await push(target, client, request);
  if (status !== 201) throw new Error(`not pushed: ${status} ${JSON.stringify(body)}`);
  const url = pushedUrl(target, client, body.request_uri);
  const back = await signInOnPages(new BrowserAgent(), url, target.person);
  return { back, code: back.searchParams.get('code') ?? '', verifier };
}

/** Posts to the token endpoint, with a valid proof by default. */
export async function tokensFor(
  target: Target,
  client: FapiClient,
  fields: Record<string, string>,
  { dpop, ...changes }: Changes & { dpop?: string | false } = {},
): Promise<Answer> {
  const url = target.endpoint('token_endpoint');
  const proof = dpop ?? (await proofFor(client, ['POST', url]));
  const sent = { ...fields, ...(await authenticated(target, client, changes)) };
  return postForm(url, sent, proof === false ? {} : { dpop: proof });
}

export const redeemFapi = (
  target: Target,
  client: FapiClient,
  { code, verifier }: { code: string; verifier?: string },
  changes?: Changes & { dpop?: string | false },
): Promise<Answer> =>
  tokensFor(
    target,
    client,
    {
      ...{ grant_type: 'authorization_code', code, redirect_uri: client.redirectUri },
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    },
    changes,
  );

/** Gets userinfo with a token that is bound to a key. */
export const resource = async (
  target: Target,
  client: FapiClient,
  accessToken: string,
  { scheme = 'DPoP', dpop, query = '' }: { scheme?: string; dpop?: string | false; query?: string } = {},
): Promise<Answer> => {
  const url = target.endpoint('userinfo_endpoint');
  const proof = dpop ?? (await proofFor(client, ['GET', url], { accessToken }));
  return json(url + query, {
    headers: { authorization: `${scheme} ${accessToken}`, ...(proof === false ? {} : { dpop: proof }) },
  });
};
