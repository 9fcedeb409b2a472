import { interactionPolicy } from 'oidc-provider';

/** The step that asks the person to choose an account (OpenID Connect Core §3.1.2.1). */
export const ACCOUNT_PROMPT = 'select_account';
/** The result of a step in which the user chose another account, and the reason of the sign-in that follows. */
export const OTHER_ACCOUNT = 'other_account';

const { Check, Prompt } = interactionPolicy;

/**
 * Returns a prompt for an existing session, shown at the client's request. A sign-in for this request counts as the
 * choice.
 */
export function accountPrompt(): interactionPolicy.Prompt {
  const prompt = new Prompt({ name: ACCOUNT_PROMPT, requestable: true });
  const requested = prompt.checks.get(`${ACCOUNT_PROMPT}_prompt`);
  if (!requested) throw new Error('oidc-provider no longer has the check of requested prompts');
  const original = requested.check;
  requested.check = (ctx) => {
    const { session, result } = ctx.oidc;
    const isSettled = session?.accountId === undefined || result?.login || OTHER_ACCOUNT in (result ?? {});
    return isSettled ? Check.NO_NEED_TO_PROMPT : original(ctx);
  };
  return prompt;
}

/** Requires a sign-in after the person has chosen not to continue with the current account. */
export const otherAccountCheck = (): interactionPolicy.Check =>
  new Check(
    OTHER_ACCOUNT,
    'the End-User asked for another account',
    'login_required',
    ({ oidc: { result } }) => OTHER_ACCOUNT in (result ?? {}) && !result?.login,
  );
