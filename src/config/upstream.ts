import { createPrivateKey } from 'node:crypto';
import * as z from 'zod';
import { url } from './url.ts';

const text = z.string().min(1);

function isEcKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** Languages without a name of their own show the English name. */
const names = z.object({ th: text, en: text }).catchall(text);

const isAnonymous = (text: string): boolean => {
  const { username, password } = URL.parse(text) ?? { username: '', password: '' };
  return username === '' && password === '';
};

/** Shown to operators, so it must not contain a secret. */
const issuer = url('http', 'https').refine(isAnonymous, 'must not contain a user name or password');

/** The settings that all providers share. */
const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  clientId: text,
  /** Replaces the provider's own address, for example with a test server. */
  issuer: issuer.optional(),
  name: names.optional(),
};

const withSecret = <Kind extends string>(kind: Kind) =>
  z.strictObject({ ...common, kind: z.literal(kind), clientSecret: text });

/** The other providers that people may sign in with, in the order of their buttons. */
export const upstreamSchema = z.array(
  z.discriminatedUnion('kind', [
    withSecret('google'),
    withSecret('line'),
    withSecret('facebook'),
    z.strictObject({
      ...common,
      kind: z.literal('apple'),
      teamId: text,
      keyId: text,
      privateKey: z.string().refine(isEcKey, 'must be a P-256 private key in PEM'),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('oidc'),
      clientSecret: text,
      issuer,
      name: names,
      /** Whether the provider's `email_verified` claim is trusted. */
      trustEmail: z.boolean().default(false),
    }),
  ]),
);

export type UpstreamSettings = z.infer<typeof upstreamSchema>[number];

/** The members of a provider that are never shown. */
export const UPSTREAM_SECRETS = ['clientSecret', 'privateKey'] as const;

export const isUpstreamSecret = (member: string): boolean =>
  (UPSTREAM_SECRETS as readonly string[]).includes(member);

/** The provider whose users the Keys API accepts too. */
const FACEBOOK = 'facebook';

/** Returns the problems that the schema cannot detect: provider settings that are wrong in combination. */
export function upstreamProblems({
  environment,
  upstream,
  facebook,
}: {
  environment: string;
  upstream: readonly UpstreamSettings[];
  facebook: { appId?: string | undefined };
}): string[] {
  if (!Array.isArray(upstream)) return [];
  const problems: string[] = [];
  const ids = upstream.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) problems.push(`upstream: the id ${twice} occurs twice`);
  const plain = upstream.find(({ issuer }) => issuer?.startsWith('http:'));
  if (environment === 'production' && plain)
    problems.push(`upstream: the issuer of ${plain.id} must be https in production`);
  const ofFacebook = upstream.filter(({ kind }) => kind === FACEBOOK);
  // the ID of a user at Facebook is different in every app
  if (ofFacebook.length > 1) problems.push('upstream: only one provider can be of the kind facebook');
  if (facebook.appId && ofFacebook.some(({ clientId }) => clientId !== facebook.appId))
    problems.push('upstream: clientId of the kind facebook must be FACEBOOK_APP_ID, or leave that unset');
  return problems;
}
