import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { AdminScope } from '../../domain/operators/role.ts';
import { AppError } from '../../errors/app-error.ts';
import type { PresentFailure } from '../../http/errors.ts';
import { noteOfRequest } from '../../lib/request-context.ts';
import type { Sent } from '../kit/form-errors.ts';
import { type Again, takeForm } from '../kit/form-page.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { CONSOLE_PATH } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { ConsolePageData, ConsolePageName } from '../page-data/console-data.ts';
import type { ConsoleFrame } from '../page-data/console-frame.ts';
import type { PageData } from '../page-data/page-data.ts';
import type { ConsoleContexts, Operator } from './console-context.ts';
import { navigationOf } from './navigation.ts';

/** What a page is made from, without the frame that every page of the console has. */
export type Loaded<Name extends ConsolePageName> = Omit<ConsolePageData[Name], keyof ConsoleFrame>;

/** What a page or a form is about: the operator, the request, and the parameters of its path. */
export interface Visit {
  operator: Operator;
  ctx: Context;
  params: Readonly<Record<string, string>>;
  /** Parameters of the query that were given once. */
  query: Readonly<Record<string, string>>;
}

export interface ConsoleForm {
  /** Where it is posted, as a pattern; the page's own path by default. */
  action?: string;
  /** What an operator needs to send it. */
  scope: AdminScope;
  /** It takes something away for good: the operator must have authenticated within the last five minutes. */
  destructive?: boolean;
  /** Reads a body that is not an ordinary form, and checks its token. It is not taken once only. */
  read?: ReadSubmitted;
  /**
   * Does what the form asks; the address to go to next, or undefined when it has answered itself. Without it, the form
   * is a search: the page is shown with what was sent, and nothing is changed.
   */
  submit?(sent: Sent, visit: Visit): Promise<string | undefined>;
  /**
   * Answers the form with the text that `submit` gives, in place of going to an address. A form that comes twice is
   * answered with the same text, which is stored encrypted for a minute: what is shown once is not made twice.
   */
  answer?(text: string, visit: Visit): void;
}

export interface ConsolePage<Name extends ConsolePageName> {
  /** Of the template, its title and its data. */
  name: Name;
  /** A pattern. */
  path: string;
  /** What an operator needs to read it. */
  scope: AdminScope;
  /** What a form may say was done, in `?outcome=`. */
  outcomes?: readonly string[];
  /**
   * `sent` is the form that was refused, to be corrected, or a search. An address instead of data leads there.
   */
  load(visit: Visit, sent: Sent | undefined, isRefused: boolean): Promise<Loaded<Name> | string>;
  forms?: readonly ConsoleForm[];
}

/** What all pages of the console share. */
export interface ConsoleArea {
  contexts: ConsoleContexts;
  /** The token of the page's forms. */
  token(ctx: Context): string;
  submitted: ReadSubmitted;
  once: Once;
  show: Show;
}

const LONGEST_REASON = 200;

/** The address of a page that tells what was done. */
export const withOutcome = (path: string, outcome: string): string => `${path}?outcome=${outcome}`;

/** Writes the reason that an operator gives, if any, to the audit log with everything that follows. */
function noteReason({ reason = '' }: Sent): void {
  const text = reason.trim();
  if ([...text].length > LONGEST_REASON) throw new AppError('INVALID_TEXT', { field: 'reason' });
  if (text !== '') noteOfRequest(text);
}

/** What is around a page of the console for this operator. */
export const frameOf = (
  { token }: Pick<ConsoleArea, 'token'>,
  ctx: Context,
  { account, role, scopes }: Operator,
): ConsoleFrame => ({
  csrf: token(ctx),
  errors: [],
  outcome: undefined,
  operator: { id: account.id, role },
  may: [...scopes],
  navigation: navigationOf(scopes),
});

/**
 * Shows failures inside the console. They lead to the page of the form that was sent, or to the first page when a page
 * could not be opened.
 */
const presentInside =
  (area: Pick<ConsoleArea, 'token' | 'show'>, operator: Operator, formPage?: string): PresentFailure =>
  (ctx, { code, status, error, description }) => {
    const { requestId } = ctx.state;
    const next = { address: formPage ?? CONSOLE_PATH, label: 'go_on' } as const;
    const data = {
      ...frameOf(area, ctx, operator),
      ...{ code, status, error, description, requestId, next },
    };
    area.show(ctx, 'console/error', data, { status, ...(formPage ? { address: formPage } : {}) });
  };

/** What no page of the console has taken: not found, which an operator is told inside the console. */
export const notFoundPage =
  (area: Pick<ConsoleArea, 'contexts' | 'token' | 'show'>): Middleware =>
  async (ctx, next) => {
    if (!ctx.path.startsWith(`${CONSOLE_PATH}/`)) return next();
    const operator = await area.contexts.of(ctx);
    if (operator) ctx.state.present = presentInside(area, operator, CONSOLE_PATH);
    throw new AppError('NOT_FOUND');
  };

const queryOf = ({ query }: Context): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/**
 * A page of the console with its forms. Its role is read with every request. An operator without the scope gets an
 * error page, anyone else a sign-in. A form that is accepted answers 303; one that is refused, the page again with
 * what is wrong and that status.
 */
export function consolePage<Name extends ConsolePageName>(
  area: ConsoleArea,
  { name, path, scope, outcomes = [], load, forms = [] }: ConsolePage<Name>,
): Middleware {
  const { contexts, show } = area;
  const router = new Router({ strict: true, sensitive: true });

  const frame = (ctx: Context, operator: Operator, again?: Again): ConsoleFrame => ({
    ...frameOf(area, ctx, operator),
    errors: again?.errors ?? [],
    outcome: again ? undefined : outcomes.find((outcome) => outcome === ctx.query.outcome),
  });

  async function visited(ctx: Context, needs: AdminScope, returnTo: string): Promise<Visit | undefined> {
    const operator = await contexts.of(ctx);
    if (!operator) {
      contexts.signIn(ctx, returnTo);
      return undefined;
    }
    ctx.state.formSubject = operator.account.id;
    ctx.state.present = presentInside(area, operator, ctx.method === 'GET' ? undefined : pageOf(ctx));
    if (!operator.scopes.has(needs)) throw new AppError('INSUFFICIENT_SCOPE');
    return { operator, ctx, params: ctx.params as Record<string, string>, query: queryOf(ctx) };
  }

  async function showPage(visit: Visit, again?: Again): Promise<void> {
    const { ctx, operator } = visit;
    const loaded = await load(visit, again?.sent, again !== undefined && again.errors.length > 0);
    if (typeof loaded === 'string') return seeOther(ctx, loaded);
    const data = { ...loaded, ...frame(ctx, operator, again) } as unknown as PageData[Name];
    const address = again ? pageOf(ctx) : `${ctx.path}${ctx.search}`;
    show(ctx, name, data, { status: again?.status ?? 200, address });
  }

  /** The page that a form is on. */
  const pageOf = ({ params }: Context): string =>
    path.replaceAll(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));

  async function submitted(ctx: Context, form: ConsoleForm): Promise<void> {
    const visit = await visited(ctx, form.scope, pageOf(ctx));
    if (!visit) return;
    const { submit, answer } = form;
    const once: Once = async (...submission) => {
      const next = await area.once(...submission);
      if (!answer || typeof next !== 'string') return next;
      answer(next, visit);
      return undefined as typeof next;
    };
    await takeForm(ctx, {
      read: form.read ?? area.submitted,
      once: submit && !form.read ? once : undefined,
      async submit(sent) {
        if (!submit) {
          await showPage(visit, { sent, errors: [], status: 200 });
          return undefined;
        }
        if (form.destructive && !visit.operator.isRecentlyAuthenticated) {
          contexts.signIn(ctx, pageOf(ctx));
          return undefined;
        }
        noteReason(sent);
        return submit(sent, visit);
      },
      showAgain: (again) => showPage(visit, again),
    });
  }

  router.get(path, async (ctx: Context) => {
    const visit = await visited(ctx, scope, `${ctx.path}${ctx.search}`);
    if (visit) await showPage(visit);
  });
  for (const form of forms) router.post(form.action ?? path, (ctx: Context) => submitted(ctx, form));
  return router.routes() as unknown as Middleware;
}
