import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { Config } from '../../../src/config/config.ts';
import { type FakeIssuer, fakeIssuer } from './issuer.ts';

type Settings = Config['upstream'][number];

/** A provider, with the settings of a server for it. */
export interface FakeProvider {
  issuer: FakeIssuer;
  settings: Settings;
}

const SECRET = 'a secret with characters & = % that forms encode';

/** Google: claims and addresses are in the ID token. */
export async function fakeGoogle(id = 'google'): Promise<FakeProvider> {
  const issuer = await fakeIssuer({ clientId: 'google-client', clientSecret: SECRET });
  const named = { clientId: 'google-client', clientSecret: SECRET, issuer: issuer.url };
  return { issuer, settings: { id, kind: 'google', ...named } };
}

/** LINE: HS256, although discovery lists ES256 only, and no `email_verified`. */
export async function fakeLine(id = 'line'): Promise<FakeProvider> {
  const issuer = await fakeIssuer({ clientId: '1650000000', clientSecret: SECRET, byHmac: true });
  return {
    issuer,
    settings: { id, kind: 'line', clientId: '1650000000', clientSecret: SECRET, issuer: issuer.url },
  };
}

interface ClientSecretClaims {
  iss: string;
  sub: string;
  aud: string;
  exp: number;
}

/**
 * Apple: a client secret that the client signs, `form_post`, the name sent once next to the response,
 * `email_verified` as a string, and tokens that have to be revoked.
 */
export async function fakeApple(id = 'apple'): Promise<FakeProvider> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [clientId, teamId, keyId] = ['com.example.web', 'TEAM123456', 'KEY1234567'];

  function isClientSecret(secret: string): boolean {
    const [header = '', payload = '', signature = ''] = secret.split('.');
    const parsed = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const { iss, sub, aud, exp } = parsed(payload) as ClientSecretClaims;
    const key = { key: createPublicKey(privateKey), dsaEncoding: 'ieee-p1363' as const };
    const signed = Buffer.from(`${header}.${payload}`);
    return (
      parsed(header).alg === 'ES256' &&
      parsed(header).kid === keyId &&
      [iss, sub, aud].join() === [teamId, clientId, issuer.url].join() &&
      exp * 1000 > Date.now() &&
      verify('sha256', signed, key, Buffer.from(signature, 'base64url'))
    );
  }

  const met = new Set<string>();
  const issuer: FakeIssuer = await fakeIssuer({
    clientId,
    authenticates: (form) =>
      form.get('client_id') === clientId && isClientSecret(form.get('client_secret') ?? ''),
    formPost(person): Record<string, string> {
      const { sub, firstName, lastName } = person;
      const isKnown = met.has(sub);
      met.add(sub);
      return isKnown || firstName === undefined
        ? {}
        : { user: JSON.stringify({ name: { firstName, lastName }, email: 'not-verified@example.com' }) };
    },
    hides: ['firstName', 'lastName'],
    refreshToken: 'apple-refresh-token',
  });
  return {
    issuer,
    settings: {
      ...{ id, kind: 'apple', clientId, teamId, keyId, issuer: issuer.url },
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    },
  };
}

/** Another provider: addresses are at the userinfo endpoint only, and the client authenticates by HTTP Basic. */
export async function fakeOidc(id = 'staff', trustEmail = false): Promise<FakeProvider> {
  const expected = `Basic ${Buffer.from(`pratu:${encodeURIComponent(SECRET).replaceAll('%20', '+')}`).toString('base64')}`;
  const issuer = await fakeIssuer({
    clientId: 'pratu',
    clientSecret: SECRET,
    authenticates: (_form, { authorization }) => authorization === expected,
    hides: ['email', 'email_verified', 'name'],
    metadata: { authorization_response_iss_parameter_supported: true },
  });
  issuer.mood = { iss: issuer.url };
  return {
    issuer,
    settings: {
      ...{ id, kind: 'oidc', clientId: 'pratu', clientSecret: SECRET, issuer: issuer.url, trustEmail },
      name: { th: 'พนักงาน', en: 'Staff' },
    },
  };
}
