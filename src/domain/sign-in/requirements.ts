import { passwordMethod } from '../authenticators/password/method.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { SecondFactors } from '../second-factors/second-factors.ts';
import { hasTwoKinds, leadsToMfa, type MethodName, methodOf } from './methods.ts';
import { MFA } from './mfa.ts';
import { isMultiFactor, type SignInState } from './sign-in-state.ts';

/** The requirements of a request for its sign-in. */
export interface SignInRequest {
  /** The requested `acr` values, essential or voluntary, in order of preference. */
  acrs: readonly string[];
  /** The sign-in fails without one of these values; undefined without such a condition. */
  essential?: readonly string[] | undefined;
  /** The person has chosen to skip the second factor in this browser for a while. */
  isRemembered: boolean;
  /** No authenticator is enabled for the account, as read together with its first factor. */
  hasNoAuthenticator?: boolean;
}

/** A condition of the deployment, the client or the account that a sign-in must meet to be complete. */
export interface Requirement {
  name: string;
  /** The path, below `/interaction/:uid/`, of the page that completes the requirement; undefined if it is met. */
  missing(state: SignInState, request: SignInRequest): Promise<string | undefined>;
}

/** At least one factor is complete. */
export const anyFactor: Requirement = {
  name: 'any-factor',
  missing: async ({ completed }) => (completed.length > 0 ? undefined : 'login'),
};

/** When a second factor is required: of accounts that have one, of every account, or only at a client's request. */
export type SecondFactorPolicy = 'optional' | 'required' | 'off';

/** Whether a request prefers two factors to the `acr` of each of the completed methods. */
export function prefersMfa(acrs: readonly string[], completed: readonly MethodName[]): boolean {
  const given = completed.map((method) => methodOf(method).acr);
  return acrs.find((acr) => acr === MFA.acr || given.includes(acr)) === MFA.acr;
}

interface SecondFactorDeps {
  policy: SecondFactorPolicy;
  secondFactors: Pick<SecondFactors, 'offer'>;
  /** Whether an account has a passkey that this deployment accepts. */
  hasPasskey: (accountId: number) => Promise<boolean>;
  credentials: Pick<Credentials, 'has'>;
}

/**
 * Whether a request requires two factors of different kinds that the sign-in does not have yet. After a method that
 * cannot lead to two kinds, nothing more is required.
 */
export function wantsTwoFactors(state: SignInState, acrs: readonly string[]): boolean {
  const methods = state.completed.map(({ method }) => method);
  return !isMultiFactor(state) && methods.some(leadsToMfa) && prefersMfa(acrs, methods);
}

/**
 * A second factor is complete, if the account, the deployment or the client requires one. Only an offered method or a
 * passkey counts: an account with an authenticator app must use it.
 *
 * After another method, a passkey is requested only if the sign-in would otherwise fail, as it may be on another
 * device.
 */
export const secondFactor = ({
  policy,
  secondFactors,
  hasPasskey,
  credentials,
}: SecondFactorDeps): Requirement => ({
  name: 'second-factor',
  async missing(state, { acrs, essential, isRemembered, hasNoAuthenticator }) {
    const { accountId } = state;
    const [first, ...later] = state.completed.map(({ method }) => method);
    if (first === undefined || [first, ...later].some((method) => hasTwoKinds(methodOf(method).kinds)))
      return undefined;
    const isWanted = wantsTwoFactors(state, acrs);
    if (!isWanted && (policy === 'off' || isRemembered)) return undefined;
    const { isEnrolled, methods } = await secondFactors.offer(accountId, first, {
      isWanted,
      hasNoAuthenticator,
    });
    const offered: readonly MethodName[] = methods;
    if (later.some((method) => offered.includes(method))) return undefined;
    const isToBeSetUp = policy === 'required' && !isEnrolled;
    if (offered.length > 0 && !isToBeSetUp) return 'second-factor';
    // the only second factor is the method that the sign-in began with; using it again would prove nothing new
    if (isEnrolled && later.includes(passwordMethod.name)) return undefined;
    if (isEnrolled && (await credentials.has(accountId))) return passwordMethod.page;
    const isEssential = isWanted && essential?.includes(MFA.acr);
    if ((policy === 'required' || isEssential) && (await hasPasskey(accountId))) return 'second-factor';
    return policy === 'required' ? 'second-factor/new' : undefined;
  },
});

/** The page of the first requirement that the sign-in does not meet; undefined if the sign-in is complete. */
export async function missingPage(
  requirements: readonly Requirement[],
  state: SignInState,
  request: SignInRequest,
): Promise<string | undefined> {
  for (const requirement of requirements) {
    const page = await requirement.missing(state, request);
    if (page !== undefined) return page;
  }
  return undefined;
}
