import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { UpstreamProvider, UpstreamProviders } from '../../domain/upstream/providers.ts';
import type { Transactions, UpstreamResponse } from '../../domain/upstream/transactions.ts';
import { AppError } from '../../errors/app-error.ts';
import { readForm } from '../../http/body.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { LINKED_PATHS, pathOf, UPSTREAM_CALLBACK_PATH, UPSTREAM_PATHS } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { shownProvider } from '../kit/shown-provider.ts';
import { seeOther } from '../kit/submitted.ts';

export interface UpstreamCallbackDeps {
  providers: Pick<UpstreamProviders, 'find'>;
  transactions: Pick<Transactions, 'post' | 'look' | 'answer'>;
  guard: Pick<FormGuard, 'browser'>;
  bodyBytes: number;
  show: Show;
}

/** The parameters of a response (RFC 6749 §4.1.2, RFC 9207), and Apple's own `user`. */
const PARAMETERS = ['code', 'state', 'error', 'iss', 'user'] as const;
/** The query parameter that identifies a response which was posted without the browser's cookies. */
const POSTED = 'posted';

/** The recognised parameters of a response. A parameter that occurs more than once is ignored. */
const responseOf = (given: Readonly<Record<string, unknown>>): UpstreamResponse =>
  Object.fromEntries(
    PARAMETERS.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : [])),
  );

/**
 * `/upstream/:id/callback`: the endpoint to which a provider redirects a browser. A response is accepted only in the
 * browser that requested it. The response of another browser or person therefore cannot be used to sign in.
 */
export function upstreamCallback(deps: UpstreamCallbackDeps): Middleware {
  const { providers, transactions, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  const atProvider =
    (step: (ctx: Context, provider: UpstreamProvider) => Promise<void>) =>
    async (ctx: Context): Promise<void> => {
      const provider = providers.find(ctx.params.id);
      if (!provider) throw new AppError('INTERACTION_EXPIRED');
      await step(ctx, provider);
    };

  async function comeBack(ctx: Context, provider: UpstreamProvider): Promise<void> {
    const response = responseOf(ctx.query);
    const { state = '' } = response;
    const browser = guard.browser(ctx);
    const found = await transactions.look(provider.id, state, browser);
    if (!found) throw new AppError('INTERACTION_EXPIRED');
    if (!found.isOfBrowser || browser === undefined) {
      const data = { provider: shownProvider(provider), restartAddress: found.originalUrl };
      show(ctx, 'sign-in/other-browser', data, {
        status: 400,
        address: `${ctx.path}?${new URLSearchParams({ state })}`,
      });
      return;
    }
    const { [POSTED]: posted } = ctx.query;
    await transactions.answer(
      state,
      { provider: provider.id, browser },
      typeof posted === 'string' ? { posted } : { response },
    );
    const { part } = found;
    const path = 'interaction' in part ? pathOf(UPSTREAM_PATHS.back, part.interaction) : LINKED_PATHS.back;
    seeOther(ctx, `${path}?state=${encodeURIComponent(state)}`);
  }

  /**
   * Cookies are not sent with a form of another site. The browser is therefore redirected to a GET request, which has
   * them.
   */
  async function bePosted(ctx: Context, provider: UpstreamProvider): Promise<void> {
    const response = responseOf(await readForm(ctx, { bytes: deps.bodyBytes }));
    const { state = '' } = response;
    const posted = await transactions.post(provider.id, state, response);
    const query = new URLSearchParams({ state, ...(posted === undefined ? {} : { [POSTED]: posted }) });
    seeOther(ctx, `${provider.callbackPath}?${query}`);
  }

  router.get(UPSTREAM_CALLBACK_PATH, atProvider(comeBack));
  router.post(UPSTREAM_CALLBACK_PATH, atProvider(bePosted));
  return router.routes() as unknown as Middleware;
}
