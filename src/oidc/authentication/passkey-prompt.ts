import { interactionPolicy } from 'oidc-provider';
import { passkeyMethod } from '../../domain/authenticators/passkey/method.ts';
import type { Passkeys } from '../../domain/passkeys/passkeys.ts';
import { acrOfSession } from '../../domain/sign-in/sign-in-state.ts';
import { essentialAcrs, requestedAcrs } from './requested-methods.ts';

/** The step after a sign-in that offers a passkey. */
export const PASSKEY_PROMPT = 'passkey';

/** Set by the script of the sign-in page if the device can store a passkey and verify its user. */
const DEVICE_COOKIE = 'passkeys';

const { Check, Prompt } = interactionPolicy;

/**
 * Returns the prompt that offers a passkey, once, after a sign-in without a passkey in a browser that can create one.
 */
export const passkeyPrompt = (passkeys: Pick<Passkeys, 'isOfferDue'>): interactionPolicy.Prompt =>
  new Prompt(
    { name: PASSKEY_PROMPT, requestable: false },
    new Check('passkey_offer', 'a passkey is offered', 'interaction_required', async (ctx) => {
      const { result } = ctx.oidc;
      const login = result?.login;
      if (login?.accountId === undefined || result?.[PASSKEY_PROMPT] !== undefined)
        return Check.NO_NEED_TO_PROMPT;
      if (login.amr?.includes(passkeyMethod.amr[0]) || ctx.cookies.get(DEVICE_COOKIE) !== '1')
        return Check.NO_NEED_TO_PROMPT;
      return (await passkeys.isOfferDue(Number(login.accountId)))
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT;
    }),
  );

/**
 * Never prompts: sets the `acr` of a session with two factors to the one that this request is about, before other
 * checks compare it.
 */
export const reportedAcr = (): interactionPolicy.Check =>
  new Check('reported_acr', 'the acr of the session is chosen', 'login_required', ({ oidc }) => {
    const { session, params } = oidc;
    const acr =
      session &&
      params &&
      acrOfSession(session, { acrs: requestedAcrs(params), essential: essentialAcrs(params) });
    if (acr !== undefined && session) session.acr = acr;
    return Check.NO_NEED_TO_PROMPT;
  });
