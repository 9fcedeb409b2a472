import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from '../../domain/accounts/account.ts';
import type { ConsentRecords } from '../../domain/consent-records/consent-records.ts';
import type { Passkeys } from '../../domain/passkeys/passkeys.ts';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { unconfirmedContacts } from '../../domain/settings/contact-confirmation.ts';
import { askedFor } from '../scopes/existing-grant.ts';
import { accountPrompt, otherAccountCheck } from './account-prompts.ts';
import { passkeyPrompt, reportedAcr } from './passkey-prompt.ts';
import { essentialAcrCheck, stepUpCheck } from './step-up.ts';
import { termsPrompt } from './terms-prompt.ts';

export interface InteractionPolicyDeps {
  accounts: { find(id: number): Promise<Account | undefined> };
  secondFactors: Pick<SecondFactors, 'offer'>;
  passkeys: Pick<Passkeys, 'isOfferDue'>;
  consentRecords: Pick<ConsentRecords, 'due'>;
}

/** The step after a sign-in that asks the person to confirm the contacts that a recovery left unconfirmed. */
export const CONTACTS_PROMPT = 'contacts';

/**
 * Returns the prompt about contacts. It occurs once in each sign-in on pages, never for an existing session, so
 * `prompt=none` continues to work.
 */
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
 * Returns whether only the client itself can have sent this request: it is a first-party client, or the operating
 * system assigns its redirect URI only to the owner of the domain. Any app can claim other URIs of native clients (RFC
 * 8252 §8.6).
 */
const isSureOfClient = ({ oidc: { client, params } }: KoaContextWithOIDC): boolean =>
  client?.first_party === true || String(params?.redirect_uri).startsWith('https:');

/**
 * Returns the prompts of oidc-provider, with these differences. A session can be asked for a second factor. An
 * essential `acr` also counts in addition to `acr_values`. One more prompt asks for an account. After the sign-in, one
 * asks to accept the terms in force, one asks about contacts that a recovery left unconfirmed, and one offers a
 * passkey. Native clients are not asked for consent at every sign-in when that proves nothing. The consent page
 * receives all requested scopes, because the prompt may be about an earlier consent.
 */
export function policy(deps: InteractionPolicyDeps): ReturnType<typeof interactionPolicy.base> {
  const prompts = interactionPolicy.base();
  const login = prompts.get('login')?.checks;
  if (!login) throw new Error('oidc-provider no longer has the prompt login');
  for (const replaced of ['essential_acr', 'essential_acrs']) login.remove(replaced);
  login.add(reportedAcr(), 0);
  login.add(otherAccountCheck());
  login.add(essentialAcrCheck());
  login.add(stepUpCheck(deps.secondFactors));
  prompts.add(contactsPrompt(deps), 1);
  prompts.add(passkeyPrompt(deps.passkeys), 2);
  prompts.add(termsPrompt(deps.consentRecords), 1);
  prompts.add(accountPrompt(), 0);
  const consent = prompts.get('consent');
  const native = consent?.checks.get('native_client_prompt');
  if (!consent || !native) throw new Error('oidc-provider no longer has the check native_client_prompt');
  const original = native.check;
  native.check = (ctx: KoaContextWithOIDC) =>
    isSureOfClient(ctx) ? interactionPolicy.Check.NO_NEED_TO_PROMPT : original(ctx);
  consent.details = (ctx: KoaContextWithOIDC) => ({ asked: askedFor(ctx) });
  return prompts;
}
