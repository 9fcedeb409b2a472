import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import compose from 'koa-compose';
import { mainContact } from '../../domain/accounts/account.ts';
import type { ErasureReceipts } from '../../domain/erasure-receipts/erasure-receipts.ts';
import type { Lifecycle } from '../../domain/lifecycle/lifecycle.ts';
import { profileName } from '../../domain/values/person-name.ts';
import { AppError } from '../../errors/app-error.ts';
import { refuseIf } from '../kit/form-errors.ts';
import { type AccountArea, accountPage } from './account-page.ts';

interface Deps {
  lifecycle: Pick<Lifecycle, 'remove'>;
  erasureReceipts: Pick<ErasureReceipts, 'find'>;
  /** Removes the cookie of an ended session from the browser. */
  forgetSession(ctx: Context): void;
}

const PATH = '/account/delete';
const DONE = '/account/delete/done';

/**
 * The words that confirm the deletion, in either language, because the language of the page may change between two
 * requests.
 */
const WORDS: ReadonlySet<string> = new Set(['delete', 'ลบ']);

/** `/account/delete`: deletes an account after a recent sign-in and an explicit confirmation. */
export function deletePage(
  area: AccountArea,
  { lifecycle, erasureReceipts, forgetSession }: Deps,
): Middleware {
  /** Deletes the account and returns the address of the page that shows the receipt. */
  async function erase(id: number): Promise<string> {
    try {
      const receipt = await lifecycle.remove(id, 'owner');
      return `${DONE}?receipt=${receipt.id}`;
    } catch (error) {
      // a repeated submission: the account has already been deleted
      if (!(error instanceof AppError && error.code === 'ACCOUNT_DELETED')) throw error;
      return DONE;
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
          const done = await erase(account.id);
          forgetSession(ctx);
          return done;
        },
      },
    ],
  });

  const router = new Router({ strict: true, sensitive: true });
  // the random ID suffices to read the receipt, which contains no personal data
  router.get(DONE, async (ctx) => {
    const { receipt: id } = ctx.query;
    const found = typeof id === 'string' ? await erasureReceipts.find(id) : undefined;
    const address = found ? `${DONE}?receipt=${found.id}` : DONE;
    area.show(ctx, 'account/deleted', { receipt: found?.receipt }, { address });
  });
  return compose([page, router.routes() as unknown as Middleware]);
}
