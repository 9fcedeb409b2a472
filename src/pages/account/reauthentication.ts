import type { Context } from 'koa';
import { type Account, mainContact } from '../../domain/accounts/account.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { CurrentPassword, Reauthentication } from '../../domain/sign-in/reauthentication.ts';
import type { AccountContext } from './account-context.ts';
import type { Sent } from './account-page.ts';

/** The dependencies of the area's forms that change sensitive data. */
export interface ReauthenticationDeps {
  reauthentication: Pick<Reauthentication, 'needsPassword' | 'confirm'>;
  originOf: (ctx: Context) => Origin;
}

/** The identifier to which an account's password belongs, for the browser to fill in. */
export const identifierOf = (account: Account): string =>
  (mainContact(account, 'email') ?? mainContact(account, 'mobile'))?.value ?? '';

/** The current password of a form. */
export const currentPasswordOf = (
  { currentPassword }: Sent,
  { account }: AccountContext,
  origin: Origin,
): CurrentPassword => ({
  accountId: account.id,
  password: currentPassword,
  field: 'currentPassword',
  origin,
});

/** Whether a form asks for the current password. */
export const needsPassword = (
  { reauthentication }: ReauthenticationDeps,
  { account, isRecentlyAuthenticated: isRecent }: AccountContext,
): Promise<boolean> => reauthentication.needsPassword({ accountId: account.id, isRecent });

/** Returns false when a new sign-in is required. Throws the error of the submitted password. */
export const reauthenticated = (
  { reauthentication, originOf }: ReauthenticationDeps,
  sent: Sent,
  accountContext: AccountContext,
  ctx: Context,
): Promise<boolean> =>
  reauthentication.confirm({
    ...currentPasswordOf(sent, accountContext, originOf(ctx)),
    isRecent: accountContext.isRecentlyAuthenticated,
  });
