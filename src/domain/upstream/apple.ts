import { sign } from 'node:crypto';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import type { Connector, UpstreamSettings } from './connector.ts';

const ISSUER = 'https://appleid.apple.com';
/** The lifetime of a client secret. Apple allows six months; each request has its own secret. */
const SECRET_SECONDS = 300;

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Named = Pick<UpstreamSettings, 'clientId' | 'teamId' | 'keyId' | 'privateKey' | 'issuer'>;

/** A client secret: a JWT signed with ES256 and the team's key. */
export function appleClientSecret(
  { clientId, teamId, keyId, privateKey = '', issuer = ISSUER }: Named,
  clock: Clock,
): string {
  const iat = epochSeconds(clock.now());
  const claims = { iss: teamId, sub: clientId, aud: issuer, iat, exp: iat + SECRET_SECONDS };
  const signed = `${encoded({ alg: 'ES256', kid: keyId, typ: 'JWT' })}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/**
 * https://developer.apple.com/documentation/signinwithapplerestapi. Apple sends the name once, with the first response
 * and not in an ID token. Tokens must be revoked when the account is deleted.
 */
export const apple = (settings: UpstreamSettings): Connector => ({
  issuer: settings.issuer ?? ISSUER,
  scope: 'openid email name',
  responseMode: 'form_post',
  revokes: true,
  reauthentication: {},
  clientAuth: async (clock) => (_server, _client, body) => {
    body.set('client_id', settings.clientId);
    body.set('client_secret', appleClientSecret(settings, clock));
  },
  trustsEmail: true,
});
