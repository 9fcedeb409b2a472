import { interactionPolicy } from 'oidc-provider';
import type { ConsentRecords } from '../../domain/consent-records/consent-records.ts';

/** The step after a sign-in that asks to accept the terms or the privacy policy in force. */
export const TERMS_PROMPT = 'terms';

const { Check, Prompt } = interactionPolicy;

/**
 * Prompts in every authorization request until the account has accepted, including one with an existing session:
 * cancelling and trying again must not bypass it. `prompt=none` returns `interaction_required` (OpenID Connect Core
 * §3.1.2.6).
 */
export const termsPrompt = (consentRecords: Pick<ConsentRecords, 'due'>): interactionPolicy.Prompt =>
  new Prompt(
    { name: TERMS_PROMPT, requestable: false },
    new Check(
      'terms_not_accepted',
      'the terms in force are not accepted',
      'interaction_required',
      async ({ oidc: { session, result } }) => {
        const accountId = session?.accountId;
        if (accountId === undefined || result?.[TERMS_PROMPT] !== undefined) return Check.NO_NEED_TO_PROMPT;
        const due = await consentRecords.due(Number(accountId));
        return due.length > 0 ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
      },
    ),
  );
