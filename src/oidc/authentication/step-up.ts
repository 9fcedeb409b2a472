import { interactionPolicy } from 'oidc-provider';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { leadsToMfa, methodWithAcr } from '../../domain/sign-in/methods.ts';
import { prefersMfa } from '../../domain/sign-in/requirements.ts';
import { essentialAcrs, requestedAcrs } from './requested-methods.ts';

/** The reason for a prompt that asks a session for its second factor. */
export const STEP_UP = 'step_up';
/** The reason for a prompt because of an essential `acr`. */
export const ESSENTIAL_ACR = 'essential_acr';

const { Check } = interactionPolicy;

/**
 * Prompts for the second factor in a session with one, when the request prefers two (`acr_values`,
 * `default_acr_values`, the claim `acr`) and the account can complete it. The two are of different kinds.
 */
export const stepUpCheck = (secondFactors: Pick<SecondFactors, 'offer'>): interactionPolicy.Check =>
  new Check(STEP_UP, 'the requested acr needs a second factor', 'interaction_required', async ({ oidc }) => {
    const { session, params, result } = oidc;
    if (result?.login || session?.accountId === undefined) return Check.NO_NEED_TO_PROMPT;
    const method = methodWithAcr(session.acr);
    if (method === undefined || !leadsToMfa(method)) return Check.NO_NEED_TO_PROMPT;
    if (!prefersMfa(requestedAcrs(params ?? {}), [method])) return Check.NO_NEED_TO_PROMPT;
    const { methods } = await secondFactors.offer(Number(session.accountId), method, { isWanted: true });
    return methods.length > 0 ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
  });

/**
 * Prompts in a session whose `acr` is not one of the essential ones (OpenID Connect Core §5.5.1.1). The library's own
 * checks do not see an essential claim combined with `acr_values` or `default_acr_values`, which replace it there.
 */
export const essentialAcrCheck = (): interactionPolicy.Check =>
  new Check(
    ESSENTIAL_ACR,
    'none of the requested ACRs could be obtained',
    'interaction_required',
    ({ oidc }) => {
      const essential = essentialAcrs(oidc.params ?? {});
      return essential === undefined || essential.includes(oidc.acr ?? '')
        ? Check.NO_NEED_TO_PROMPT
        : Check.REQUEST_PROMPT;
    },
  );
