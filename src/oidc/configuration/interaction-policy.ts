import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from '../../domain/accounts/account.ts';
import { unconfirmedContacts } from '../../domain/contacts/contact-confirmation.ts';

export interface InteractionPolicyDeps {
  accounts: { find(id: number): Promise<Account | undefined> };
}

/** The step after a sign-in that asks whose the contacts are which a recovery left unconfirmed. */
export const CONTACTS_PROMPT = 'contacts';

/** Asked once in each sign-in on pages, never of a session that is there: `prompt=none` goes on working. */
function contactsPrompt({ accounts }: InteractionPolicyDeps): interactionPolicy.Prompt {
  const { Check, Prompt } = interactionPolicy;
  return new Prompt(
    { name: CONTACTS_PROMPT, requestable: false },
    new Check(
      'unconfirmed_contacts',
      'contacts of the account are not confirmed',
      'interaction_required',
      async ({ oidc }) => {
        const accountId = oidc.result?.login?.accountId;
        if (accountId === undefined || oidc.result?.[CONTACTS_PROMPT] !== undefined)
          return Check.NO_NEED_TO_PROMPT;
        const account = await accounts.find(Number(accountId));
        return account && unconfirmedContacts(account).length > 0
          ? Check.REQUEST_PROMPT
          : Check.NO_NEED_TO_PROMPT;
      },
    ),
  );
}

/**
 * The library's prompts, with two differences: contacts that a recovery left unconfirmed are asked about after the
 * sign-in, and a first-party client that is native is not asked for consent at every sign-in. Other native clients are,
 * because anybody can claim their redirect URI (RFC 8252 §8.6).
 */
export function policy(deps: InteractionPolicyDeps): ReturnType<typeof interactionPolicy.base> {
  const prompts = interactionPolicy.base();
  prompts.add(contactsPrompt(deps), 1);
  const native = prompts.get('consent')?.checks.get('native_client_prompt');
  if (!native) throw new Error('the library has no native_client_prompt check any more');
  const original = native.check;
  native.check = (ctx: KoaContextWithOIDC) =>
    ctx.oidc.client?.first_party === true ? interactionPolicy.Check.NO_NEED_TO_PROMPT : original(ctx);
  return prompts;
}
