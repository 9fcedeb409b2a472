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

/** The data of a page without the frame that every page of the console has. */
export type Loaded<Name extends ConsolePageName> = Omit<ConsolePageData[Name], keyof ConsoleFrame>;

/** The context of a page or form: the operator, the request, and the parameters of its path. */
export interface Visit {
  operator: Operator;
  ctx: Context;
  params: Readonly<Record<string, string>>;
  /** The query parameters that occur exactly once. */
  query: Readonly<Record<string, string>>;
}

export interface ConsoleForm {
  /** The path pattern that receives the form. Defaults to the page's own path. */
  action?: string;
  /** The scope that an operator needs to submit it. */
  scope: AdminScope;
  /** Removes something permanently. The operator must have authenticated within the last five minutes. */
  destructive?: boolean;
  /** Reads a body that is not an ordinary form, and checks its token. A repeated submission is processed again. */
  read?: ReadSubmitted;
  /**
   * Performs the form's action. Returns the next address, or undefined when it has sent the response itself. Without
   * this function, the form is a search: the page is shown with the submitted values, and nothing is changed.
   */
  submit?(sent: Sent, visit: Visit): Promise<string | undefined>;
  /**
   * Responds to the form with the text that `submit` returns, instead of redirecting. A repeated submission gets the
   * same text, which is stored encrypted for one minute. A secret that is shown once is therefore not created twice.
   */
  answer?(text: string, visit: Visit): void;
}

export interface ConsolePage<Name extends ConsolePageName> {
  /** The name of the template, its title and its data. */
  name: Name;
  /** The path, as a pattern. */
  path: string;
  /** The scope that an operator needs to view it. */
  scope: AdminScope;
  /** The results that a form may report in `?outcome=`. */
  outcomes?: readonly string[];
  /**
   * Loads the data of the page. `sent` is the form that was refused, to be corrected, or a search. If an address is
   * returned instead of data, the browser is redirected there.
   */
  load(visit: Visit, sent: Sent | undefined, isRefused: boolean): Promise<Loaded<Name> | string>;
  forms?: readonly ConsoleForm[];
}

/** The dependencies that all pages of the console share. */
export interface ConsoleArea {
  contexts: ConsoleContexts;
  /** The token of the page's forms. */
  token(ctx: Context): string;
  submitted: ReadSubmitted;
  once: Once;
  show: Show;
}

const LONGEST_REASON = 200;

/** The address of a page that shows an outcome. */
export const withOutcome = (path: string, outcome: string): string => `${path}?outcome=${outcome}`;

/**
 * Records the operator's reason, if any, in the audit log with all events that follow. Throws `INVALID_TEXT` if it is
 * too long.
 */
function noteReason({ reason = '' }: Sent): void {
  const text = reason.trim();
  if ([...text].length > LONGEST_REASON) throw new AppError('INVALID_TEXT', { field: 'reason' });
  if (text !== '') noteOfRequest(text);
}

/** The frame of the console's pages for this operator. */
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
 * Shows failures inside the console. They link to the page of the submitted form, or to the first page if a page
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

/** Handles paths that no page of the console matches. Operators see the error inside the console. */
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
 * A page of the console with its forms. The operator's role is read with every request. An operator without the scope
 * gets an error page. Any other visitor is redirected to a sign-in. An accepted form is answered with 303. A refused
 * form is shown again with its errors and their status.
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

  /** The address of the page that a form is on. */
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
