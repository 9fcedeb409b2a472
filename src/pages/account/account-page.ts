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

/** What a page is made from, without what every page of the area has. */
export type Loaded<Name extends AccountPageName> = Omit<AccountPageData[Name], keyof Framed>;

export interface AccountForm {
  /** Where it is posted; the page's own path unless told. */
  action?: string;
  /**
   * Does what the form asks; where to go next, the signal that the person must sign in again, or undefined when it has
   * answered itself. What it throws is shown in the page when `form-errors.ts` explains it; otherwise the error page
   * says it.
   */
  submit(
    sent: Sent,
    accountContext: AccountContext,
    ctx: Context,
  ): Promise<string | typeof SIGN_IN_AGAIN | undefined>;
  /** Sent twice, it is taken once, and answered twice as the first time. */
  once?: boolean;
  /** Reads a body that is no ordinary form, and checks its token. */
  read?: ReadSubmitted;
}

/** Told by a form's `submit`: this needs a more recent sign-in. */
export const SIGN_IN_AGAIN = Symbol('sign in again');

export interface AccountPage<Name extends AccountPageName> {
  /** Of the template, its title and its data. */
  name: Name;
  path: string;
  /** True when the page is only for someone who signed in a moment ago. */
  fresh?: boolean;
  /** What a form may say was done, in `?outcome=`. */
  outcomes?: readonly string[];
  /** `sent` is the form that could not be taken, to be put right. An address instead of data leads there. */
  load(accountContext: AccountContext, sent: Sent | undefined, ctx: Context): Promise<Loaded<Name> | string>;
  forms?: readonly AccountForm[];
}

/** What all pages of the area share. */
export interface AccountArea {
  accountContexts: AccountContexts;
  /** The token of the page's forms. */
  token(ctx: Context): string;
  submitted: ReadSubmitted;
  once: Once;
  show: Show;
}

/** The page's path with its query; a request line may hold another host too (RFC 9112 §3.2.2). */
const addressOf = ({ path, search }: Context): string => `${path}${search}`;

/** The address of a page that tells what was done. */
export const withOutcome = (path: string, outcome: string): string => `${path}?outcome=${outcome}`;

/**
 * A page of the account area with its forms. Anyone who is not signed in signs in first and comes back. A form that is
 * taken answers 303; one that is not, the page again with what is wrong, and the status of that.
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
