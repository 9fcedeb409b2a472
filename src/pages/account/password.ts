import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { PasswordChange } from '../../domain/settings/password-change.ts';
import type { Reauthentication } from '../../domain/sign-in/reauthentication.ts';
import { refuseIf } from '../kit/form-errors.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { AccountContext } from './account-context.ts';
import { type AccountArea, accountPage, type Sent, SIGN_IN_AGAIN, withOutcome } from './account-page.ts';
import { currentPasswordOf, identifierOf } from './reauthentication.ts';

export const PASSWORD_PATH = '/account/password';

interface Deps {
  reauthentication: Pick<Reauthentication, 'passwordProblem'>;
  passwordChange: Pick<PasswordChange, 'problem' | 'change'>;
  credentials: { has(accountId: number): Promise<boolean> };
  originOf: (ctx: Context) => Origin;
  passwordLeast: number;
}

/**
 * `/account/password`: changes the password. The current one is required even after a recent sign-in. An account
 * without a password requires a recent sign-in. All other sessions and tokens of the account are revoked, and this
 * session continues.
 */
export function passwordPage(area: AccountArea, deps: Deps): Middleware {
  const { reauthentication, passwordChange, credentials, originOf } = deps;

  /** The error in the current password, to be shown together with the other errors. */
  async function aboutCurrent(
    sent: Sent,
    accountContext: AccountContext,
    required: boolean,
    ctx: Context,
  ): Promise<FormError[]> {
    const current = currentPasswordOf(sent, accountContext, originOf(ctx));
    const code = await reauthentication.passwordProblem({ ...current, required });
    return code ? [{ field: 'currentPassword', code }] : [];
  }

  async function aboutNew({ password = '' }: Sent, { account }: AccountContext): Promise<FormError[]> {
    if (password === '') return [{ field: 'password', code: 'NEW_PASSWORD_MISSING' }];
    const code = await passwordChange.problem(account.id, password);
    return code ? [{ field: 'password', code }] : [];
  }

  return accountPage(area, {
    name: 'account/password',
    path: PASSWORD_PATH,
    outcomes: ['password_changed'],
    load: async ({ account }) => ({
      identifier: identifierOf(account),
      names: [account.profile.firstName, account.profile.lastName].filter((name) => name !== null),
      passwordLeast: deps.passwordLeast,
      hasPassword: await credentials.has(account.id),
    }),
    forms: [
      {
        once: true,
        async submit(sent, accountContext, ctx) {
          const hasPassword = await credentials.has(accountContext.account.id);
          if (!hasPassword && !accountContext.isRecentlyAuthenticated) return SIGN_IN_AGAIN;
          const refused = await aboutNew(sent, accountContext);
          refuseIf([...(await aboutCurrent(sent, accountContext, hasPassword, ctx)), ...refused]);
          await passwordChange.change({
            accountId: accountContext.account.id,
            next: sent.password ?? '',
            preservedSession: accountContext.preservedSession,
          });
          return withOutcome(PASSWORD_PATH, 'password_changed');
        },
      },
    ],
  });
}
