import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/attempts/attempts.ts';
import type { PasswordChange } from '../../domain/credentials/password-change.ts';
import type { SignIn } from '../../domain/credentials/sign-in.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormError } from '../page-data.ts';
import { type AccountArea, accountPage, type Sent, SIGN_IN_AGAIN, withOutcome } from './account-page.ts';
import { loginOf } from './proof.ts';
import { refuseIf } from './refusal.ts';
import type { Visit } from './visit.ts';

const PATH = '/account/password';

interface Deps {
  signIn: Pick<SignIn, 'confirmPassword'>;
  passwordChange: Pick<PasswordChange, 'problem' | 'change'>;
  credentials: { has(accountId: number): Promise<boolean> };
  originOf: (ctx: Context) => Origin;
}

/**
 * A new password. The present one is asked for however fresh the sign-in is; an account without one needs a fresh
 * sign-in. Everything else that is signed in to the account ends, this session stays.
 */
export function passwordPage(area: AccountArea, deps: Deps): Middleware {
  const { signIn, passwordChange, credentials, originOf } = deps;

  async function aboutPresent(sent: Sent, { account }: Visit, ctx: Context): Promise<FormError[]> {
    const field = 'currentPassword';
    if (!sent.currentPassword) return [{ field, code: 'PASSWORD_MISSING' }];
    try {
      await signIn.confirmPassword(account.id, sent.currentPassword, originOf(ctx));
      return [];
    } catch (error) {
      if (error instanceof AppError && error.code === 'PASSWORD_WRONG') return [{ field, code: error.code }];
      throw error;
    }
  }

  async function aboutNew({ password = '' }: Sent, { account }: Visit): Promise<FormError[]> {
    if (password === '') return [{ field: 'password', code: 'NEW_PASSWORD_MISSING' }];
    const code = await passwordChange.problem(account.id, password);
    return code ? [{ field: 'password', code }] : [];
  }

  return accountPage(area, {
    name: 'account-password',
    path: PATH,
    outcomes: ['password_changed'],
    load: async ({ account }) => ({
      login: loginOf(account),
      hasPassword: await credentials.has(account.id),
    }),
    forms: [
      {
        once: true,
        async submit(sent, visit, ctx) {
          const hasPassword = await credentials.has(visit.account.id);
          if (!hasPassword && !visit.isFresh) return SIGN_IN_AGAIN;
          const refused = await aboutNew(sent, visit);
          refuseIf([...(hasPassword ? await aboutPresent(sent, visit, ctx) : []), ...refused]);
          await passwordChange.change({
            accountId: visit.account.id,
            next: sent.password ?? '',
            kept: visit.kept,
          });
          return withOutcome(PATH, 'password_changed');
        },
      },
    ],
  });
}
