import { passwordMethod } from '../authenticators/password/method.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { SecondFactors } from '../second-factors/second-factors.ts';
import { hasTwoKinds, leadsToMfa, type MethodName, methodOf } from './methods.ts';
import { MFA } from './mfa.ts';
import { isMultiFactor, type SignInState } from './sign-in-state.ts';

/** What a request says about the sign-in that it needs. */
export interface SignInRequest {
  /** The `acr` values that it asks for, essential or not, in the order of preference. */
  acrs: readonly string[];
  /** One of these, or the sign-in fails; undefined without such a condition. */
  essential?: readonly string[] | undefined;
  /** The person asked this browser not to ask for a second factor for a while. */
  isRemembered: boolean;
  /** The account was read with its first factor: it has turned on no authenticator. */
  hasNoAuthenticator?: boolean;
}

/** A condition of the deployment, the client or the account without which a sign-in is not finished. */
export interface Requirement {
  name: string;
  /** The page that asks for what is missing, below `/interaction/:uid/`; undefined when the requirement is met. */
  missing(state: SignInState, request: SignInRequest): Promise<string | undefined>;
}

/** At least one factor is complete. */
export const anyFactor: Requirement = {
  name: 'any-factor',
  missing: async ({ completed }) => (completed.length > 0 ? undefined : 'login'),
};

/** When a second factor is asked for: of accounts that have one, of everyone, or only when a client asks for it. */
export type SecondFactorPolicy = 'optional' | 'required' | 'off';

/** Whether a request prefers two factors to the `acr` of each of these methods. */
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
 * Whether a request wants two factors of different kinds that the sign-in does not have yet. Nothing more is asked for
 * it after a method that cannot lead to them.
 */
export function wantsTwoFactors(state: SignInState, acrs: readonly string[]): boolean {
  const methods = state.completed.map(({ method }) => method);
  return !isMultiFactor(state) && methods.some(leadsToMfa) && prefersMfa(acrs, methods);
}

/**
 * A second factor is complete, where the account, the deployment or the client wants one. Only one that is offered
 * counts, or a passkey: an account with an app is asked for that, whatever else its owner could prove. A passkey is
 * asked for after another method only where the sign-in fails without: it may be on another device.
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
    // the only second factor is what the sign-in began with: another proof of it would say nothing new
    if (isEnrolled && later.includes(passwordMethod.name)) return undefined;
    if (isEnrolled && (await credentials.has(accountId))) return passwordMethod.page;
    const isEssential = isWanted && essential?.includes(MFA.acr);
    if ((policy === 'required' || isEssential) && (await hasPasskey(accountId))) return 'second-factor';
    return policy === 'required' ? 'second-factor/new' : undefined;
  },
});

/** The page of the first requirement that the sign-in does not meet yet; undefined when it is finished. */
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
