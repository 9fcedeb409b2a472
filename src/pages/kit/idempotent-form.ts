import type { Context } from 'koa';
import type { IdempotencyKeys } from '../../domain/idempotency/idempotency-keys.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { browserOf } from './browser-of.ts';

/**
 * Processes a form once. If the same browser and person submit the same form again, the first response is repeated
 * with its cookies, because the browser never received that response. A form that is shown again has a new guard
 * token and counts as a new form. `work` returns the next address. Any other result is not stored, so a repeated
 * submission runs `work` again.
 */
export type Once = <Next>(
  ctx: Context,
  form: Readonly<Record<string, string>>,
  work: () => Promise<Next>,
) => Promise<Next | string>;

interface Answer {
  next: string;
  cookies: string[];
}

const cookiesOf = ({ response }: Context): string[] => {
  const set = response.headers['set-cookie'];
  return set === undefined ? [] : [set].flat();
};

const nameOf = (cookie: string): string => cookie.slice(0, cookie.indexOf('='));

export function once({
  idempotencyKeys,
  guard,
}: {
  idempotencyKeys: IdempotencyKeys;
  guard: Pick<FormGuard, 'browser'>;
}): Once {
  return async <Next>(
    ctx: Context,
    form: Readonly<Record<string, string>>,
    work: () => Promise<Next>,
  ): Promise<Next | string> => {
    const { formSubject = '' } = ctx.state;
    const name = [browserOf(guard, ctx), formSubject, ctx.path];
    const before = new Set(cookiesOf(ctx));
    let own: { next: Next } | undefined;
    const kept = await idempotencyKeys.once(
      { form: JSON.stringify(name), content: JSON.stringify(Object.entries(form).sort()) },
      async () => {
        const next = await work();
        own = { next };
        if (typeof next !== 'string') return undefined;
        const cookies = cookiesOf(ctx).filter((cookie) => !before.has(cookie));
        return JSON.stringify({ next, cookies } satisfies Answer);
      },
    );
    if (own) return own.next;
    const { next, cookies } = JSON.parse(kept ?? '') as Answer;
    const names = new Set(cookies.map(nameOf));
    const others = cookiesOf(ctx).filter((cookie) => !names.has(nameOf(cookie)));
    if (cookies.length > 0) ctx.set('Set-Cookie', [...others, ...cookies]);
    return next;
  };
}
