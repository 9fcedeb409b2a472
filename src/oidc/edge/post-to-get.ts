import type { Context, Middleware } from 'koa';
import type { Counters } from '../../domain/rate-limits/counters.ts';
import { consumeAll, type Limit } from '../../domain/rate-limits/limits.ts';
import type { Refusals } from '../../domain/rate-limits/refusals.ts';
import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { randomToken } from '../../lib/ids.ts';
import { recordId } from '../../storage/record.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import { routes } from './routes.ts';

const LONGEST_QUERY = 2048;
const KEPT_SECONDS = 60;
/** The maximum length for a client that does not exist. */
const LONGEST_CLIENT_ID = 256;
const KIND = 'PostedRequest';
/** The query parameter that refers to a stored form. */
const PARAMETER = 'posted_request';

const PATHS: readonly string[] = [routes.authorization, routes.end_session];

/** The maximum number of stored forms per address, within the time that one is stored. */
const MOST_KEPT = 100;

interface Deps {
  records: Records;
  clock: Clock;
  clients: { find(id: string): Promise<unknown> };
  counters: Counters;
  refusals: Pick<Refusals, 'ofLimits'>;
  addressOf: (ctx: Context) => string;
}

/**
 * Redirects a form that is posted to the authorization or the logout endpoint (303) to the same request by GET. The
 * form comes from another site, so it lacks the `SameSite=Lax` cookies; the GET has them (OpenID Connect Core
 * §3.1.2.1).
 *
 * A form that is too long for a URL is stored for a minute and restored when the GET arrives. For the library it is the
 * original request, with the same checks as a short one. Nothing is stored for a client that does not exist: the GET
 * then contains only that client's ID, which the library refuses.
 */
export function postToGet({ records, clock, clients, counters, refusals, addressOf }: Deps): Middleware {
  const now = (): number => epochSeconds(clock.now());

  async function keep(ctx: Context, form: string): Promise<string> {
    if (ctx.path === routes.authorization) {
      const clientId = new URLSearchParams(form).get('client_id') ?? '';
      if (!(await clients.find(clientId)))
        return String(new URLSearchParams({ client_id: clientId.slice(0, LONGEST_CLIENT_ID) }));
    }
    const name = `form kept ${addressKey(addressOf(ctx))}`;
    const limit: Limit = { name, limit: MOST_KEPT, windowSeconds: KEPT_SECONDS, label: 'long_requests' };
    await refusals.ofLimits(
      () => ({ event: 'limit.refused' }),
      { subject: name, address: addressOf(ctx) },
      () => consumeAll(counters, [limit]),
    );
    const value = randomToken();
    const payload = JSON.stringify({ form, exp: now() + KEPT_SECONDS });
    const work = records.unit();
    work.insert({ id: recordId(KIND, value), kind: KIND, payload, lifetime: KEPT_SECONDS });
    await work.commit();
    return `${PARAMETER}=${value}`;
  }

  async function kept(value: string): Promise<string> {
    const { form, exp } = (await records.find(recordId(KIND, value)))?.payload ?? {};
    if (typeof form !== 'string' || Number(exp) <= now()) throw new AppError('INTERACTION_EXPIRED');
    return form;
  }

  return async (ctx: Context, next) => {
    if (!PATHS.includes(ctx.path)) return next();
    if (ctx.method !== 'POST') {
      const value = new URLSearchParams(ctx.querystring).get(PARAMETER);
      if (value !== null) ctx.querystring = await kept(value);
      return next();
    }
    if (!ctx.is('application/x-www-form-urlencoded')) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
    const form = String((ctx.req as { body?: string }).body ?? '');
    ctx.redirect(`${ctx.path}?${form.length > LONGEST_QUERY ? await keep(ctx, form) : form}`);
    ctx.status = 303;
  };
}
