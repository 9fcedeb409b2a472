import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { ClientMetadata } from '../../../src/domain/clients/client.ts';
import { completeFapi } from '../../../src/oidc/fapi/registration.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { type Parameters, requestOf } from '../../support/code-flow.ts';
import type { TestServer } from '../../support/server.ts';
import { pkce, signInOnPages, tokenRequest } from '../../support/sign-in.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface Key {
  privateKey: CryptoKey;
  jwk: JWK;
  alg: string;
}

/** Changes to the claims and header of a JWT. `undefined` leaves one out. */
export interface Changes {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: Key;
}

export interface FapiClient extends TestClient {
  /** The key that signs its assertions and request objects. */
  key: Key;
  /** The key that signs its proofs. */
  proofKey: Key;
}

export const epoch = (): number => Math.floor(Date.now() / 1000);

export async function newKey(alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey), alg };
}

/** Registers a client of the profile, as `client create --fapi2` does. */
export async function fapiClient(
  server: TestServer,
  metadata: Partial<ClientMetadata> = {},
  key?: Key,
): Promise<FapiClient> {
  const own = key ?? (await newKey());
  const registered = await createClient(
    server,
    completeFapi({
      fapi_profile: '2.0',
      redirect_uris: ['https://rp.example/cb'],
      jwks: { keys: [{ ...own.jwk, kid: 'sig-1', use: 'sig' }] },
      ...metadata,
    }),
  );
  return { ...registered, key: own, proofKey: await newKey() };
}

const sign = (
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
  key: Key,
  { claims: otherClaims, header: otherHeader, key: otherKey = key }: Changes,
): Promise<string> =>
  new SignJWT({ ...claims, ...otherClaims })
    .setProtectedHeader({ alg: otherKey.alg, ...header, ...otherHeader })
    .sign(otherKey.privateKey);

/** A client assertion (RFC 7523). */
export const assertionOf = ({ url }: TestServer, { id, key }: FapiClient, changes: Changes = {}) =>
  sign(
    { iss: id, sub: id, aud: url, jti: randomUUID(), iat: epoch(), exp: epoch() + 60 },
    { kid: 'sig-1' },
    key,
    changes,
  );

/** A request object (RFC 9101) of a client. */
export const requestObjectOf = (
  { url }: TestServer,
  { id, key }: FapiClient,
  parameters: Parameters,
  changes: Changes = {},
) =>
  sign(
    { ...parameters, iss: id, aud: url, nbf: epoch(), iat: epoch(), exp: epoch() + 300 },
    { kid: 'sig-1', typ: 'oauth-authz-req+jwt' },
    key,
    changes,
  );

/** A proof of possession (RFC 9449) for a request. */
export const proofOf = (
  { proofKey }: FapiClient,
  [htm, htu]: [method: string, url: string],
  accessToken?: string,
  changes: Changes = {},
) =>
  sign(
    {
      jti: randomUUID(),
      htm,
      htu,
      iat: epoch(),
      ath: accessToken && createHash('sha256').update(accessToken).digest('base64url'),
    },
    { typ: 'dpop+jwt', jwk: (changes.key ?? proofKey).jwk },
    proofKey,
    changes,
  );

const authenticated = async (server: TestServer, client: FapiClient, changes: Changes = {}) => ({
  client_assertion_type: ASSERTION_TYPE,
  client_assertion: await assertionOf(server, client, changes),
});

interface Sent {
  assertion?: Changes;
  headers?: Record<string, string>;
}

/** Pushes an authorization request with exactly these members. */
export async function push(
  server: TestServer,
  client: FapiClient,
  parameters: Parameters,
  { assertion, headers = {} }: Sent = {},
) {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const answer = await fetch(`${server.url}/oauth/par`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      ...Object.fromEntries(given),
      ...(await authenticated(server, client, assertion)),
    }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A valid request, with its verifier. */
export function rightRequest(client: FapiClient, parameters: Parameters = {}) {
  const { verifier, challenge } = pkce();
  const request = requestOf(client, {
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { verifier, request };
}

export const addressOf = ({ url }: TestServer, { id }: TestClient, request_uri: string): string =>
  `${url}/oauth/authorize?${new URLSearchParams({ client_id: id, request_uri })}`;

/** Pushes a request, then signs in and consents on the pages. */
export async function authorizeFapi(server: TestServer, client: FapiClient, parameters: Parameters = {}) {
  const { verifier, request } = rightRequest(client, parameters);
  const { status, body } = await push(server, client, request);
  if (status !== 201) throw new Error(JSON.stringify(body));
  const back = await signInOnPages(new BrowserAgent(), addressOf(server, client, body.request_uri));
  return { back, code: back.searchParams.get('code') ?? '', verifier };
}

/** Sends a token request with the assertion and, by default, a proof. */
export async function tokensOf(
  server: TestServer,
  client: FapiClient,
  fields: Record<string, string>,
  { assertion, headers }: Sent = {},
) {
  const url = `${server.url}/oauth/token`;
  return tokenRequest(
    server.url,
    { ...fields, ...(await authenticated(server, client, assertion)) },
    headers ?? { dpop: await proofOf(client, ['POST', url]) },
  );
}

/** Exchanges a code for tokens. */
export const redeemFapi = (
  server: TestServer,
  client: FapiClient,
  { code, verifier }: { code: string; verifier?: string },
  sent: Sent = {},
) =>
  tokensOf(
    server,
    client,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    },
    sent,
  );
