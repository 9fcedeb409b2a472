import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Sent } from '../kit/form-errors.ts';
import { type Again, takeForm } from '../kit/form-page.ts';
import type { Once } from '../kit/idempotent-form.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { AccountPageData, AccountPageName, Framed } from '../page-data/account-data.ts';
import type { PageData } from '../page-data/page-data.ts';
import type { AccountContext, AccountContexts } from './account-context.ts';

export type { Sent } from '../kit/form-errors.ts';

/** The data of a page without the data that is common to all pages of the area. */
export type Loaded<Name extends AccountPageName> = Omit<AccountPageData[Name], keyof Framed>;

export interface AccountForm {
  /** The address that receives the form. Defaults to the page's own path. */
  action?: string;
  /**
   * Performs the form's action. Returns the next address, or a signal that the person must sign in again. Returns
   * undefined when it has sent the response itself. The page shows errors that `form-errors.ts` explains. Others are
   * shown on the error page.
   */
  submit(
    sent: Sent,
    accountContext: AccountContext,
    ctx: Context,
  ): Promise<string | typeof SIGN_IN_AGAIN | undefined>;
  /** Processes a form only once if it is submitted twice, and repeats the first response. */
  once?: boolean;
  /** Reads a body that is not an ordinary form, and checks its token. */
  read?: ReadSubmitted;
}

/** Returned by `submit` of a form whose action requires a more recent sign-in. */
export const SIGN_IN_AGAIN = Symbol('sign in again');

export interface AccountPage<Name extends AccountPageName> {
  /** The name of the template, its title and its data. */
  name: Name;
  path: string;
  /** True when the page requires a recent sign-in. */
  fresh?: boolean;
  /** The results that a form may report in `?outcome=`. */
  outcomes?: readonly string[];
  /**
   * Loads the data of the page. `sent` is the form that was refused, to be corrected. If an address is returned
   * instead of data, the browser is redirected there.
   */
  load(accountContext: AccountContext, sent: Sent | undefined, ctx: Context): Promise<Loaded<Name> | string>;
  forms?: readonly AccountForm[];
}

/** The dependencies that all pages of the area share. */
export interface AccountArea {
  accountContexts: AccountContexts;
  /** The token of the page's forms. */
  token(ctx: Context): string;
  submitted: ReadSubmitted;
  once: Once;
  show: Show;
}

/**
 * The page's path with its query. The request line is not used, because it may contain another host (RFC 9112
 * §3.2.2).
 */
const addressOf = ({ path, search }: Context): string => `${path}${search}`;

/** The address of a page that shows an outcome. */
export const withOutcome = (path: string, outcome: string): string => `${path}?outcome=${outcome}`;

/**
 * A page of the account area with its forms. A visitor who is not signed in signs in first and then returns to the
 * page. An accepted form is answered with 303. A refused form is shown again with its errors and their status.
 */
export function accountPage<Name extends AccountPageName>(
  area: AccountArea,
  { name, path, fresh = false, outcomes = [], load, forms = [] }: AccountPage<Name>,
): Middleware {
  const { accountContexts, show } = area;
  const router = new Router({ strict: true, sensitive: true });

  async function visited(ctx: Context, returnTo: string): Promise<AccountContext | undefined> {
    const accountContext = await accountContexts.of(ctx);
    if (accountContext) ctx.state.formSubject = accountContext.account.id;
    if (accountContext && (accountContext.isRecentlyAuthenticated || !fresh)) return accountContext;
    accountContexts.signIn(ctx, returnTo, { again: accountContext !== undefined });
    return undefined;
  }

  async function showPage(ctx: Context, accountContext: AccountContext, again?: Again): Promise<void> {
    const loaded = await load(accountContext, again?.sent, ctx);
    if (typeof loaded === 'string') return seeOther(ctx, loaded);
    const told = again ? undefined : outcomes.find((outcome) => outcome === ctx.query.outcome);
    const framed: Framed = { csrf: area.token(ctx), errors: again?.errors ?? [], outcome: told };
    const data = { ...loaded, ...framed } as PageData[Name];
    show(ctx, name, data, { status: again?.status ?? 200, address: again ? path : addressOf(ctx) });
  }

  async function submitted(ctx: Context, form: AccountForm): Promise<void> {
    const accountContext = await visited(ctx, path);
    if (!accountContext) return;
    await takeForm(ctx, {
      read: form.read ?? area.submitted,
      once: form.once ? area.once : undefined,
      async submit(sent) {
        const next = await form.submit(sent, accountContext, ctx);
        if (next !== SIGN_IN_AGAIN) return next;
        accountContexts.signIn(ctx, path, { again: true });
        return undefined;
      },
      showAgain: (again) => showPage(ctx, accountContext, again),
    });
  }

  router.get(path, async (ctx: Context) => {
    const accountContext = await visited(ctx, addressOf(ctx));
    if (accountContext) await showPage(ctx, accountContext);
  });
  for (const form of forms) router.post(form.action ?? path, (ctx: Context) => submitted(ctx, form));
  return router.routes() as unknown as Middleware;
}
