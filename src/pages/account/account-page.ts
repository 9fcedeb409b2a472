import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Once } from '../kit/idempotent-form.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { AccountPageData, AccountPageName, Framed } from '../page-data/account-data.ts';
import type { PageData } from '../page-data/page-data.ts';
import type { AccountContext, AccountContexts } from './account-context.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** The fields of a form as they were sent. */
export type Sent = Readonly<Record<string, string>>;

/** What a page is made from, without what every page of the area has. */
export type Loaded<Name extends AccountPageName> = Omit<AccountPageData[Name], keyof Framed>;

export interface AccountForm {
  /** Where it is posted; the page's own path unless told. */
  action?: string;
  /**
   * Does what the form asks; where to go next, the signal that the person must sign in again, or undefined when it has
   * answered itself. What it throws is shown in the page when `refusal.ts` explains it, otherwise on the error page.
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

  async function showPage(
    ctx: Context,
    accountContext: AccountContext,
    sent?: Sent,
    refusal?: Refusal,
  ): Promise<void> {
    const loaded = await load(accountContext, sent, ctx);
    if (typeof loaded === 'string') return seeOther(ctx, loaded);
    const told = refusal ? undefined : outcomes.find((outcome) => outcome === ctx.query.outcome);
    const framed: Framed = { csrf: area.token(ctx), errors: refusal?.errors ?? [], outcome: told };
    const data = { ...loaded, ...framed } as PageData[Name];
    if (refusal?.retryAfter !== undefined) ctx.set('Retry-After', String(refusal.retryAfter));
    show(ctx, name, data, { status: refusal?.status ?? 200, address: refusal ? path : addressOf(ctx) });
  }

  async function submitted(ctx: Context, form: AccountForm): Promise<void> {
    const { read = area.submitted } = form;
    const accountContext = await visited(ctx, path);
    if (!accountContext) return;
    let sent: Sent | undefined;
    try {
      const fields = await read(ctx);
      sent = fields;
      const submit = () => form.submit(fields, accountContext, ctx);
      const next = form.once ? await area.once(ctx, fields, submit) : await submit();
      if (next === SIGN_IN_AGAIN) accountContexts.signIn(ctx, path, { again: true });
      else if (next !== undefined) seeOther(ctx, next);
    } catch (error) {
      await showPage(ctx, accountContext, sent, refusalOf(error, sent));
    }
  }

  router.get(path, async (ctx: Context) => {
    const accountContext = await visited(ctx, addressOf(ctx));
    if (accountContext) await showPage(ctx, accountContext);
  });
  for (const form of forms) router.post(form.action ?? path, (ctx: Context) => submitted(ctx, form));
  return router.routes() as unknown as Middleware;
}
