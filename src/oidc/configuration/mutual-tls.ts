import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { ClientCertificate } from '../../http/client-certificate.ts';
import { type AlternativeKind, hasAlternative, hasSubject } from '../../lib/certificate-subject.ts';
import { routes } from '../edge/routes.ts';

type Feature = NonNullable<NonNullable<Configuration['features']>['mTLS']>;

/** The settings of client certificates. */
export interface MutualTls {
  enabled: boolean;
  /** The origin of the endpoints that request certificates, if it is not the issuer. */
  origin: string | undefined;
}

export const MUTUAL_TLS_AUTH = ['tls_client_auth', 'self_signed_tls_client_auth'] as const;

const shown = ({ state }: Pick<KoaContextWithOIDC, 'state'>): ClientCertificate | undefined =>
  (state as { clientCertificate?: ClientCertificate }).clientCertificate;

const SUBJECT = 'tls_client_auth_subject_dn';
const ALTERNATIVE = /^tls_client_auth_san_(dns|uri|ip|email)$/;

/** Returns whether the certificate of a request matches the client's registration (RFC 8705 §2.1.2). */
export function subjectMatches(
  { state }: Pick<KoaContextWithOIDC, 'state'>,
  member: string,
  expected: string,
): boolean {
  const { certificate } = shown({ state }) ?? {};
  if (!certificate) return false;
  if (member === SUBJECT) return hasSubject(certificate, expected);
  const [, kind] = ALTERNATIVE.exec(member) ?? [];
  return kind !== undefined && hasAlternative(certificate, kind as AlternativeKind, expected);
}

/** Returns the feature of client certificates (RFC 8705), which authenticate clients and bind tokens. */
export const mutualTlsFeature = ({ enabled }: MutualTls): Feature => ({
  enabled,
  certificateBoundAccessTokens: enabled,
  selfSignedTlsClientAuth: enabled,
  tlsClientAuth: enabled,
  getCertificate: (ctx) => shown(ctx)?.certificate,
  certificateAuthorized: (ctx) => shown(ctx)?.isVerified === true,
  certificateSubjectMatches: subjectMatches,
});

/** The endpoints at which clients authenticate, or that accept access tokens. */
const ALIASED = {
  token_endpoint: routes.token,
  pushed_authorization_request_endpoint: routes.pushed_authorization_request,
  introspection_endpoint: routes.introspection,
  revocation_endpoint: routes.revocation,
  device_authorization_endpoint: routes.device_authorization,
  userinfo_endpoint: routes.userinfo,
} as const;

/** Added only when the endpoint is enabled. */
const BACKCHANNEL = { backchannel_authentication_endpoint: routes.backchannel_authentication };

/** Returns `mtls_endpoint_aliases` (RFC 8705 §5) if another host requests certificates. */
export function endpointAliases(
  { origin }: MutualTls,
  { hasBackchannel }: { hasBackchannel: boolean },
): object {
  if (origin === undefined) return {};
  const aliased = { ...ALIASED, ...(hasBackchannel ? BACKCHANNEL : {}) };
  const urls = Object.entries(aliased).map(([member, path]) => [member, `${origin}${path}`]);
  return { mtls_endpoint_aliases: Object.fromEntries(urls) };
}
