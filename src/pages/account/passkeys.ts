import type { Middleware } from 'koa';
import type { Passkeys } from '../../domain/passkeys/passkeys.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { browserOf } from '../kit/browser-of.ts';
import { ACCOUNT_PASSKEY_PATHS, SECURITY_PATHS } from '../kit/paths.ts';
import { type AccountArea, accountPage, withOutcome } from './account-page.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

interface Deps {
  passkeys: Pick<Passkeys, 'begin' | 'add'>;
  guard: Pick<FormGuard, 'browser'>;
}

/** `/account/passkeys/new`: creates a passkey on this device. */
export const newPasskeyPage = (area: AccountArea, { passkeys, guard }: Deps): Middleware =>
  accountPage(area, {
    name: 'account/passkey',
    path: ACCOUNT_PASSKEY_PATHS.create,
    fresh: true,
    load: async () => ({
      passkey: { action: ACCOUNT_PASSKEY_PATHS.create, options: ACCOUNT_PASSKEY_PATHS.options },
    }),
    forms: [
      {
        action: ACCOUNT_PASSKEY_PATHS.options,
        submit: withRecentSignIn(async (_sent, { account }, ctx) => {
          ctx.body = await passkeys.begin(account, browserOf(guard, ctx));
          return undefined;
        }),
      },
      {
        submit: withRecentSignIn(async ({ credential = '' }, { account }, ctx) => {
          await passkeys.add(account.id, { credential, browser: browserOf(guard, ctx) });
          return withOutcome(SECURITY_PATHS.overview, 'passkey_added');
        }),
      },
    ],
  });
