import type { Context } from 'koa';
import { type Account, mainContact } from '../../domain/accounts/account.ts';
import type { PasswordAuthenticator } from '../../domain/authenticators/password/password.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { AccountContext } from './account-context.ts';
import type { Sent } from './account-page.ts';

/**
 * What a sensitive change asks for: nothing more of someone who signed in a moment ago, the current password of
 * others, and a new sign-in where there is no password.
 */
export interface Proof {
  needsPassword(accountContext: AccountContext): Promise<boolean>;
  /** False when only a new sign-in proves it. Throws what is wrong with the password that was sent. */
  given(sent: Sent, accountContext: AccountContext, ctx: Context): Promise<boolean>;
}

export interface ProofDeps {
  passwordAuthenticator: Pick<PasswordAuthenticator, 'reauthenticate'>;
  credentials: { has(accountId: number): Promise<boolean> };
  originOf: (ctx: Context) => Origin;
}

/** What an account's password belongs to, for the browser to fill in. */
export const loginOf = (account: Account): string =>
  (mainContact(account, 'email') ?? mainContact(account, 'mobile'))?.value ?? '';

export function proof({ passwordAuthenticator, credentials, originOf }: ProofDeps): Proof {
  const needsPassword = async ({ isRecentlyAuthenticated, account }: AccountContext): Promise<boolean> =>
    !isRecentlyAuthenticated && (await credentials.has(account.id));

  return {
    needsPassword,
    async given(sent, accountContext, ctx) {
      const required = await needsPassword(accountContext);
      await passwordAuthenticator.reauthenticate({
        accountId: accountContext.account.id,
        password: sent.currentPassword,
        required,
        field: 'currentPassword',
        origin: originOf(ctx),
      });
      return accountContext.isRecentlyAuthenticated || required;
    },
  };
}
