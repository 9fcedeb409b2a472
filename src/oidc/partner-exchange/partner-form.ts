import type { Context, Middleware } from 'koa';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import type { Clock } from '../../lib/clock.ts';
import { routes } from '../edge/routes.ts';
import { requestIdOf } from './parameters.ts';
import { RESULTS, type Result, resultOf } from './results.ts';
import { MARK, mayBeExchange, namedSender, type Sender, senderOf, sentFields } from './sent-fields.ts';

interface Deps {
  clientCache: ClientCache;
  clock: Clock;
}

/** While the database is down the caller is unknown, so the response is the general 503. */
const unknownInOutage = (): Sender => 'unknown';

interface OAuthError {
  error: string;
}

/**
 * Completes the errors of exchanges: the OAuth error is unchanged and has the additional members that partners read. An
 * error is a partner's when its client is one. It is also one when a request with a mobile number comes from an unknown
 * client or fails client authentication. All others are unchanged.
 */
export function partnerForm({ clientCache, clock }: Deps): Middleware {
  async function isPartners(ctx: Context): Promise<boolean> {
    const fields = sentFields(ctx);
    const marked = fields.has(MARK);
    if (!marked && !mayBeExchange(fields)) return false;
    const client = ctx.oidc?.client;
    const sender = client
      ? senderOf(client)
      : await namedSender(clientCache, fields, ctx).catch(unknownInOutage);
    if (sender === 'partner') return true;
    return (
      marked && (sender === 'unknown' || (ctx.body as OAuthError | undefined)?.error === 'invalid_client')
    );
  }

  /** Adds the members to the error in `ctx.body`. */
  function complete(ctx: Context): void {
    const requestId = requestIdOf(sentFields(ctx));
    const { error } = ctx.body as OAuthError;
    const told = ctx.status < 500 ? (ctx.state.exchangeResult as Result | undefined) : undefined;
    const result = told ?? resultOf({ status: ctx.status, error });
    ctx.state.clientRequestId = requestId ?? undefined;
    ctx.body = {
      ...(ctx.body as OAuthError),
      res_code: result,
      res_message: RESULTS[result],
      request_id: requestId,
      timestamp: clock.now().toISOString(),
    };
  }

  return async (ctx, next) => {
    if (ctx.path !== routes.token || ctx.method !== 'POST') return next();
    try {
      await next();
    } catch (error) {
      // the edge presents the error, and calls this function then
      if (await isPartners(ctx)) ctx.state.completeError = complete;
      throw error;
    }
    if (ctx.status >= 400 && (await isPartners(ctx))) complete(ctx);
  };
}
