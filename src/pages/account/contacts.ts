import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { unconfirmedContacts } from '../../domain/settings/contact-confirmation.ts';
import { ACCOUNT_PATH } from '../kit/paths.ts';
import { seeOther } from '../kit/submitted.ts';
import type { AccountArea } from './account-page.ts';

export const CONTACTS_PATH = '/account/contacts';

/**
 * `/account/contacts`: starts a new sign-in, which asks the person to confirm the contacts that are still
 * unconfirmed.
 */
export function contactsPage({ accountContexts }: AccountArea): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get(CONTACTS_PATH, async (ctx: Context) => {
    const accountContext = await accountContexts.of(ctx);
    const isAsked = accountContext !== undefined && unconfirmedContacts(accountContext.account).length > 0;
    if (accountContext && !isAsked) return seeOther(ctx, ACCOUNT_PATH);
    accountContexts.signIn(ctx, ACCOUNT_PATH, { again: isAsked });
  });
  return router.routes() as unknown as Middleware;
}
