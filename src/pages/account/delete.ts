import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import compose from 'koa-compose';
import { mainContact } from '../../domain/accounts/account.ts';
import type { Lifecycle } from '../../domain/lifecycle/lifecycle.ts';
import { profileName } from '../../domain/values/person-name.ts';
import { AppError } from '../../errors/app-error.ts';
import { refuseIf } from '../kit/form-errors.ts';
import { type AccountArea, accountPage } from './account-page.ts';

interface Deps {
  lifecycle: Pick<Lifecycle, 'remove'>;
  /** Takes the cookie of a session that is over off the browser. */
  forgetSession(ctx: Context): void;
}

const PATH = '/account/delete';
const DONE = '/account/delete/done';

/** What is typed to mean it, in either language: the page may change its own between two looks. */
const WORDS: ReadonlySet<string> = new Set(['delete', 'ลบ']);

/** `/account/delete`: the end of an account, for someone who has just signed in and means it. */
export function deletePage(area: AccountArea, { lifecycle, forgetSession }: Deps): Middleware {
  async function erase(id: number): Promise<void> {
    try {
      await lifecycle.remove(id);
    } catch (error) {
      // the same form, sent twice: it is gone, as asked
      if (!(error instanceof AppError && error.code === 'ACCOUNT_DELETED')) throw error;
    }
  }

  const page = accountPage(area, {
    name: 'account/delete',
    path: PATH,
    fresh: true,
    async load({ account }) {
      const contact = mainContact(account, 'email') ?? mainContact(account, 'mobile');
      return { who: profileName(account.profile) ?? contact?.value ?? String(account.id) };
    },
    forms: [
      {
        async submit({ confirmation = '' }, { account }, ctx) {
          const meant = WORDS.has(confirmation.trim().toLowerCase());
          refuseIf(meant ? [] : [{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }]);
          await erase(account.id);
          forgetSession(ctx);
          return DONE;
        },
      },
    ],
  });

  const router = new Router({ strict: true, sensitive: true });
  router.get(DONE, (ctx) => area.show(ctx, 'account/deleted', {}));
  return compose([page, router.routes() as unknown as Middleware]);
}
