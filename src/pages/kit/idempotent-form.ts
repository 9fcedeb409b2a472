import type { Context } from 'koa';
import type { IdempotencyKeys } from '../../domain/idempotency/idempotency-keys.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { browserOf } from './browser-of.ts';

/**
 * Does what a form asks for once: the same form of the same browser and person, sent twice, is answered as it was the first
 * time (a form that is shown again is another one, by its guard's token, and asks anew), with the cookies too, since a browser that sends again never sees the first answer. `work` gives the address that
 * comes next; anything else is answered to each.
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
