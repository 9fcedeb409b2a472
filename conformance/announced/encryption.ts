import { expect } from 'chai';
import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { authorize, redeem } from '../../test/support/code-flow.ts';
import { verified } from '../flow.ts';
import { introspectSigned } from '../introspection.ts';
import { json, type Target } from '../target.ts';
import { each, type Use, type Uses } from './use.ts';

const ALGORITHMS = ['RSA-OAEP-256', 'RSA-OAEP', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'] as const;
const ENCODINGS = ['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'] as const;
const KINDS = ['id_token', 'userinfo', 'authorization'] as const;

type Kind = (typeof KINDS)[number];

/** Signs in a client for which the ID token, userinfo and response are encrypted to its key (RFC 7516). */
async function encrypted(target: Target, alg: string, enc: string): Promise<Record<Kind, string>> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const members = KINDS.flatMap((kind) => [
    [`${kind}_encrypted_response_alg`, alg],
    [`${kind}_encrypted_response_enc`, enc],
    [`${kind}_signed_response_alg`, 'ES256'],
  ]);
  const client = await target.client({
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'enc-1', use: 'enc', alg }] },
    ...Object.fromEntries(members),
  });
  const opened = async (jwe: string): Promise<string> => {
    expect(decodeProtectedHeader(jwe)).to.include({ alg, enc });
    const { plaintext } = await compactDecrypt(jwe, privateKey);
    const jwt = Buffer.from(plaintext).toString();
    await verified(target, jwt, { audience: client.id });
    return jwt;
  };
  const params = { response_mode: 'jwt' };
  const { back, verifier } = await authorize(target, client, params, new BrowserAgent(), target.person);
  const authorization = await opened(back.searchParams.get('response') ?? '');
  const { payload } = await verified(target, authorization);
  const { body } = await redeem(target, client, { code: String(payload.code), verifier });
  const headers = { authorization: `Bearer ${body.access_token}` };
  const userinfo = await json(target.endpoint('userinfo_endpoint'), { headers });
  return {
    authorization,
    id_token: await opened(body.id_token ?? ''),
    userinfo: await opened(userinfo.body),
  };
}

const made = new WeakMap<Target, Map<string, ReturnType<typeof encrypted>>>();

/** Shares one sign-in between all kinds that use these algorithms. */
function encryptedOnce(target: Target, alg: string, enc: string): ReturnType<typeof encrypted> {
  const own = made.get(target) ?? new Map<string, ReturnType<typeof encrypted>>();
  made.set(target, own);
  const key = `${alg} ${enc}`;
  const result = own.get(key) ?? encrypted(target, alg, enc);
  own.set(key, result);
  return result;
}

const use = async (target: Target, kind: Kind, alg: string, enc: string): Promise<void> =>
  void expect((await encryptedOnce(target, alg, enc))[kind]).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);

/** Expects a response that is signed, then encrypted to the key of the client (RFC 9701 §5). */
async function encryptedIntrospection(target: Target, alg: string, enc: string): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const { client, answer } = await introspectSigned(target, {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'enc-1', use: 'enc', alg }] },
    introspection_signed_response_alg: 'ES256',
    introspection_encrypted_response_alg: alg,
    introspection_encrypted_response_enc: enc,
  });
  expect(decodeProtectedHeader(answer.body)).to.include({ alg, enc });
  const { plaintext } = await compactDecrypt(answer.body, privateKey);
  await verified(target, Buffer.from(plaintext).toString(), { audience: client.id });
}

const usesOf = (kind: Kind): [string, Record<string, Use>][] => [
  [
    `${kind}_encryption_alg_values_supported`,
    each(ALGORITHMS, (target, alg) => use(target, kind, alg, 'A256GCM')),
  ],
  [
    `${kind}_encryption_enc_values_supported`,
    each(ENCODINGS, (target, enc) => use(target, kind, 'ECDH-ES', enc)),
  ],
];

/** The encryption of signed responses to keys of clients. */
export const encryption: Uses = {
  ...Object.fromEntries(KINDS.flatMap(usesOf)),
  introspection_encryption_alg_values_supported: each(ALGORITHMS, (target, alg) =>
    encryptedIntrospection(target, alg, 'A256GCM'),
  ),
  introspection_encryption_enc_values_supported: each(ENCODINGS, (target, enc) =>
    encryptedIntrospection(target, 'ECDH-ES', enc),
  ),
};
