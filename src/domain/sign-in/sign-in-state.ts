import { passkeyMethod } from '../authenticators/passkey/method.ts';
import { acrsWithin, hasTwoKinds, type MethodName, methodOf } from './methods.ts';
import { MFA } from './mfa.ts';

/** A factor that a person has completed. */
export interface CompletedFactor {
  method: MethodName;
  /** Epoch seconds. */
  at: number;
}

/** A sign-in in progress, with the factors completed so far. Serialisable; it never leaves the server. */
export interface SignInState {
  accountId: number;
  completed: readonly CompletedFactor[];
}

/** The claims of a completed sign-in in tokens. */
export interface AuthenticationContext {
  acr: string;
  /** RFC 8176. */
  amr: string[];
  /** Epoch seconds at which the last factor was completed. */
  authTime: number;
}

/**
 * Adds a factor. A factor of another account starts a new sign-in: factors of two accounts are never combined, so a
 * person cannot complete another person's sign-in.
 */
export function completeFactor(
  state: SignInState | undefined,
  accountId: number,
  factor: CompletedFactor,
): SignInState {
  const earlier = state?.accountId === accountId ? state.completed : [];
  return { accountId, completed: [...earlier.filter(({ method }) => method !== factor.method), factor] };
}

/** Whether the factors are of two different kinds. */
export const isMultiFactor = ({ completed }: SignInState): boolean =>
  hasTwoKinds(completed.flatMap(({ method }) => methodOf(method).kinds));

/** The requested `acr` values. */
export interface RequestedAcrs {
  /** In order of preference, essential or voluntary. */
  acrs?: readonly string[];
  /** The sign-in fails without one of these values; undefined without such a condition. */
  essential?: readonly string[] | undefined;
}

/** The values that a passkey alone satisfies: its own and that of two factors. */
const PASSKEY_ACRS = [passkeyMethod.acr, MFA.acr] as const;

/** The weaker `own` values are reported only if they are essential. */
const reportedAcr = (
  { strongest, own }: { strongest: readonly string[]; own: readonly string[] },
  { acrs: wished = [], essential = [] }: RequestedAcrs,
): string | undefined =>
  [...strongest, ...own].find((one) => essential.includes(one)) ??
  wished.find((one) => strongest.includes(one)) ??
  strongest[0];

/**
 * Returns the claims of a sign-in. `acr` is an `essential` value if the factors satisfy one, otherwise the strongest
 * satisfied value, with a preference for requested ones. Throws for a state without completed factors.
 */
export function authenticationContext(
  state: SignInState,
  { acrs, essential }: RequestedAcrs = {},
): AuthenticationContext {
  const methods = state.completed.map(({ method }) => methodOf(method));
  const multiFactor = isMultiFactor(state);
  const own = methods.flatMap(({ acr }) => acr ?? []);
  const multiple = methods.length === 1 ? PASSKEY_ACRS : [MFA.acr];
  const strongest: readonly string[] = multiFactor ? multiple : own.slice(0, 1);
  const acr = reportedAcr({ strongest, own }, { acrs, essential });
  if (acr === undefined) throw new Error('a sign-in without a factor has no authentication context');
  const amr = [...methods.flatMap((method) => method.amr), ...(multiFactor ? [MFA.amr] : [])];
  return { acr, amr: [...new Set(amr)], authTime: Math.max(...state.completed.map(({ at }) => at)) };
}

/**
 * The `acr` of a session for a request. With two factors or a passkey, it is selected as in a new sign-in, so that
 * clients that request different values do not force repeated sign-ins. Otherwise it is the session's own value.
 */
export function acrOfSession(
  { acr, amr = [] }: { acr?: string | undefined; amr?: readonly string[] | undefined },
  request: RequestedAcrs,
): string | undefined {
  if (!amr.includes(MFA.amr)) return acr;
  const ofPasskey: readonly string[] = [...passkeyMethod.amr, MFA.amr];
  const isPasskeyAlone = amr.length === ofPasskey.length && amr.every((one) => ofPasskey.includes(one));
  return reportedAcr({ strongest: isPasskeyAlone ? PASSKEY_ACRS : [MFA.acr], own: acrsWithin(amr) }, request);
}
