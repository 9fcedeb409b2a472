import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { Outbox } from '../../domain/messages/outbox.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { parseMobile } from '../../domain/values/mobile.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Show } from '../kit/show.ts';

const ON_PAGE = 20;
const IN_JSON = 50;
const MOST = 200;

/** Returns a whole number from 1 to 200, or the default. Throws `BAD_REQUEST` with the field `limit`. */
function limitOf(text: string | undefined, normal: number): number {
  if (text === undefined || text === '') return normal;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new AppError('BAD_REQUEST', { field: 'limit' });
  return limit;
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** `/dev/outbox`: the messages that a development server stores instead of sending, newest first, as JSON or a page. */
export function outboxPage({ outbox, show }: { outbox: Pick<Outbox, 'list'>; show: Show }): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/dev/outbox', async (ctx) => {
    const to = single(ctx.query.to) || undefined;
    const wanted = to && (parseMobile(to) ?? parseEmail(to)?.value ?? to);
    const json = ctx.accepts('html', 'json') === 'json';
    const limit = limitOf(single(ctx.query.limit), json ? IN_JSON : ON_PAGE);
    const messages = await outbox.list({ ...(wanted ? { to: wanted } : {}), limit });
    if (json) ctx.body = messages;
    else show(ctx, 'developer/outbox', { messages, to });
  });
  return router.routes() as unknown as Middleware;
}
