import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Activation } from '../../domain/registration/activation.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { emptyFields, formFailure } from '../kit/form-failure.ts';
import type { Once } from '../kit/idempotent-form.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { FormError } from '../page-data/page-data.ts';

interface Deps {
  activation: Pick<Activation, 'look' | 'activate'>;
  originOf: (ctx: Context) => Origin;
  guard: FormGuard;
  show: Show;
  submitted: ReadSubmitted;
  once: Once;
}

type Link = { identifier: string; secret: string };

/** No part of a link has ever been this long. */
const LONGEST_PART = 64;

/**
 * Of the query or of the form. Throws `ACTIVATION_INVALID`, so that a damaged link reads as any other that does not
 * work.
 */
function linkOf({ identifier, secret }: Record<string, string | string[] | undefined>): Link {
  const isPart = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && value.length <= LONGEST_PART;
  if (!isPart(identifier) || !isPart(secret)) throw new AppError('ACTIVATION_INVALID');
  return { identifier, secret };
}

function complaints(form: Readonly<Record<string, string>>): FormError[] {
  const empty = emptyFields(form, [
    { field: 'password', code: 'PASSWORD_MISSING' },
    { field: 'password_check', code: 'PASSWORD_CHECK_MISSING' },
  ]);
  if (empty.length > 0 || form.password === form.password_check) return empty;
  return [{ field: 'password_check', code: 'PASSWORDS_DIFFER' }];
}

/**
 * What the mail of a sign-up leads to. Opening it changes nothing, since mail scanners open links too; the first
 * password and the button make the account active.
 */
export function activatePage({ activation, originOf, guard, show, submitted, once }: Deps): Middleware {
  const router = new Router({ strict: true, sensitive: true });

  async function showForm(ctx: Context, link: Link, errors: FormError[] = [], status = 200): Promise<void> {
    const { email } = await activation.look({ ...link, origin: originOf(ctx) });
    const data = { action: '/activate', csrf: guard.token(ctx), ...link, email, errors };
    show(ctx, 'links/activate', data, { status, address: `/activate?${new URLSearchParams(link)}` });
  }

  router.get('/activate', (ctx) => showForm(ctx, linkOf(ctx.query)));

  router.post('/activate', async (ctx) => {
    const form = await submitted(ctx);
    const link = linkOf(form);
    const wrong = complaints(form);
    if (wrong.length > 0) return showForm(ctx, link, wrong, 400);
    try {
      const next = await once(ctx, form, async () => {
        await activation.activate({ ...link, password: form.password ?? '', origin: originOf(ctx) });
        return '/activate/done';
      });
      seeOther(ctx, next);
    } catch (error) {
      const { errors, status } = formFailure(ctx, error, []);
      return showForm(ctx, link, errors, status);
    }
  });

  router.get('/activate/done', (ctx) => show(ctx, 'recovery/password-set', { outcome: 'activated' }));

  return router.routes() as unknown as Middleware;
}
