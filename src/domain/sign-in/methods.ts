import type { Db } from '../../db/database.ts';
import type { Account } from '../accounts/account.ts';
import type { AuthenticationMethod, FactorKind, IsUsableLink } from '../authenticators/authenticator.ts';
import { emailCodeMethod } from '../authenticators/email-code/method.ts';
import { facebookMethod } from '../authenticators/facebook/method.ts';
import { passkeyMethod } from '../authenticators/passkey/method.ts';
import { passwordMethod } from '../authenticators/password/method.ts';
import { recoveryCodeMethod } from '../authenticators/recovery-code/method.ts';
import { smsCodeMethod } from '../authenticators/sms-code/method.ts';
import { totpMethod } from '../authenticators/totp/method.ts';
import { upstreamMethod } from '../authenticators/upstream/method.ts';
import type { Channels } from '../messages/channels.ts';
import { MFA } from './mfa.ts';

/** Every authentication method, in the order in which pages offer them. */
const METHODS = [
  passwordMethod,
  smsCodeMethod,
  emailCodeMethod,
  passkeyMethod,
  upstreamMethod,
  facebookMethod,
  totpMethod,
  recoveryCodeMethod,
] as const;

export type MethodName = (typeof METHODS)[number]['name'];

const BY_NAME: Readonly<Record<string, AuthenticationMethod>> = Object.fromEntries(
  METHODS.map((method) => [method.name, method]),
);

/** Throws for an unknown name, which only a record of another version can contain. */
export function methodOf(name: MethodName): AuthenticationMethod {
  const method = BY_NAME[name];
  if (!method) throw new Error(`unknown authentication method ${name}`);
  return method;
}

const onPages: readonly AuthenticationMethod[] = METHODS.filter(({ page }) => page !== undefined);

/** The optional methods that a deployment has enabled. */
export interface MethodSettings {
  passkeys: boolean;
  /** Codes by e-mail as a first factor. */
  emailCodes: boolean;
  /** Sign-in with other providers. */
  upstream: boolean;
}

/** The methods that the sign-in pages of a deployment offer with the given channels. */
export const offeredMethods = (channels: Channels, settings: MethodSettings): readonly MethodName[] =>
  onPages
    .filter(({ channel }) => channel === undefined || channels.has(channel))
    .filter(({ name }) => settings.passkeys || name !== passkeyMethod.name)
    .filter(({ name }) => settings.emailCodes || name !== emailCodeMethod.name)
    .filter(({ name }) => settings.upstream || name !== upstreamMethod.name)
    .map(({ name }) => name as MethodName);

const acrOf = ({ acr }: AuthenticationMethod): string[] => (acr === undefined ? [] : [acr]);

/** The kinds of the second factors, except passkeys, which need no other factor. */
const secondFactorKinds: ReadonlySet<FactorKind> = new Set(
  METHODS.filter(({ step, kinds }) => step !== 'first' && kinds.length === 1).flatMap(({ kinds }) => [
    ...kinds,
  ]),
);

/** Whether factors of these kinds are multi-factor authentication. A single passkey is. */
export const hasTwoKinds = (kinds: readonly FactorKind[]): boolean => new Set(kinds).size > 1;

/**
 * Whether this method and a second factor are of two different kinds. A code by SMS and an authenticator app are not.
 */
export const leadsToMfa = (name: MethodName): boolean =>
  methodOf(name).kinds.some((kind) => !secondFactorKinds.has(kind));

/** The `acr` values that sign-ins starting with these methods can reach. */
export const acrValues = (methods: readonly MethodName[]): string[] => [
  ...methods.flatMap((name) => acrOf(methodOf(name))),
  ...(methods.some(leadsToMfa) ? [MFA.acr] : []),
];

/** The `acr` values that clients may register as default, even if their channels are not configured. */
export const REGISTRABLE_ACR_VALUES: readonly string[] = [...onPages.flatMap(acrOf), MFA.acr];

/** The `acr` values of the methods whose `amr` values are all in the session's `amr`. */
export const acrsWithin = (amr: readonly string[]): string[] =>
  METHODS.filter((method) => method.amr.every((one) => amr.includes(one))).flatMap((method) => acrOf(method));

/** The method with the `acr` of a session; undefined for the `acr` of several methods. */
export const methodWithAcr = (acr: string | undefined): MethodName | undefined =>
  METHODS.find((method) => acr !== undefined && method.acr === acr)?.name;

/** The channels and methods that a deployment can use. */
export interface UsableMethods extends Pick<MethodSettings, 'passkeys' | 'emailCodes'> {
  channels: Channels;
  isUsableLink: IsUsableLink;
}

/** The methods, other than second factors, with which an account can sign in to a deployment. */
export async function enrolledMethods(
  db: Db,
  account: Account,
  { channels, passkeys, emailCodes, isUsableLink }: UsableMethods,
): Promise<MethodName[]> {
  const enrolled: MethodName[] = [];
  // sequentially, as `db` may be a transaction with one connection
  for (const { name, step, channel, enrolled: isEnrolled } of METHODS as readonly AuthenticationMethod[]) {
    if (step === 'second' || (name === emailCodeMethod.name && !emailCodes)) continue;
    if (name === passkeyMethod.name && !passkeys) continue;
    const isUsable = channel === undefined || channels.has(channel);
    if (isUsable && (await isEnrolled(db, account, isUsableLink))) enrolled.push(name as MethodName);
  }
  return enrolled;
}
