import type { FactorKind } from '../authenticators/authenticator.ts';
import { type MethodName, methodOf } from './methods.ts';
import { MFA } from './mfa.ts';

/** A factor that a person has completed. */
export interface CompletedFactor {
  method: MethodName;
  /** Epoch seconds. */
  at: number;
}

/** A sign-in in progress: what its account has completed so far. Serialisable; it never leaves the server. */
export interface SignInState {
  accountId: number;
  completed: readonly CompletedFactor[];
}

/** What a finished sign-in reports in tokens. */
export interface AuthenticationContext {
  acr: string;
  /** RFC 8176. */
  amr: string[];
  /** Epoch seconds at which the last factor was completed. */
  authTime: number;
}

/**
 * Adds a factor. A factor of another account begins again: factors of two accounts never add up, so nobody can complete
 * the sign-in that another person began.
 */
export function completeFactor(
  state: SignInState | undefined,
  accountId: number,
  factor: CompletedFactor,
): SignInState {
  const earlier = state?.accountId === accountId ? state.completed : [];
  return { accountId, completed: [...earlier.filter(({ method }) => method !== factor.method), factor] };
}

/** Whether the factors rest on two different kinds. */
function isMultiFactor({ completed }: SignInState): boolean {
  const kinds = new Set<FactorKind>(completed.flatMap(({ method }) => methodOf(method).kinds));
  return completed.length > 1 && kinds.size > 1;
}

/**
 * Of all that the factors satisfy, `acr` is one of `essential` where they satisfy one of these, and otherwise the
 * strongest. Throws for a state in which nothing is completed.
 */
export function authenticationContext(
  state: SignInState,
  essential: readonly string[] = [],
): AuthenticationContext {
  const methods = state.completed.map(({ method }) => methodOf(method));
  const multiFactor = isMultiFactor(state);
  const satisfied = [...(multiFactor ? [MFA.acr] : []), ...methods.flatMap(({ acr }) => acr ?? [])];
  const [strongest] = satisfied;
  if (strongest === undefined) throw new Error('a sign-in without a factor has no authentication context');
  const amr = [...methods.flatMap((method) => method.amr), ...(multiFactor ? [MFA.amr] : [])];
  return {
    acr: satisfied.find((acr) => essential.includes(acr)) ?? strongest,
    amr: [...new Set(amr)],
    authTime: Math.max(...state.completed.map(({ at }) => at)),
  };
}
