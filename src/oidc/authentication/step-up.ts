import { interactionPolicy } from 'oidc-provider';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { leadsToMfa, methodWithAcr } from '../../domain/sign-in/methods.ts';
import { MFA } from '../../domain/sign-in/mfa.ts';

/** The reason of a prompt that asks a session for its second factor. */
export const STEP_UP = 'step_up';

const { Check } = interactionPolicy;

/**
 * Asks a session with one factor for the second, when the request prefers two (`acr_values`, `default_acr_values`) and
 * the account has one that adds up to two kinds. The library itself does so for an essential `acr` only.
 */
export const stepUpCheck = (secondFactors: Pick<SecondFactors, 'isEnrolled'>): interactionPolicy.Check =>
  new Check(STEP_UP, 'the requested acr needs a second factor', 'interaction_required', async ({ oidc }) => {
    const { session, params, result } = oidc;
    const wanted = typeof params?.acr_values === 'string' ? params.acr_values.split(' ') : [];
    if (!wanted.includes(MFA.acr) || result?.login || session?.accountId === undefined)
      return Check.NO_NEED_TO_PROMPT;
    const method = methodWithAcr(session.acr);
    if (method === undefined || !leadsToMfa(method)) return Check.NO_NEED_TO_PROMPT;
    return (await secondFactors.isEnrolled(Number(session.accountId)))
      ? Check.REQUEST_PROMPT
      : Check.NO_NEED_TO_PROMPT;
  });
