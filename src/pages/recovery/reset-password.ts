import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import { parseKey } from '../../domain/mailed-secrets/mailed-secret.ts';
import { type Channels, requireChannel } from '../../domain/messages/channels.ts';
import type { PasswordReset } from '../../domain/recovery/password-reset.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { isLocale } from '../../domain/values/locale.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { emptyFields, formFailure } from '../kit/form-failure.ts';
import type { Once } from '../kit/idempotent-form.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { ReturnTo } from './return-to.ts';

interface Deps {
  passwordReset: Pick<PasswordReset, 'request' | 'reset'>;
  channels: Channels;
  originOf: (ctx: Context) => Origin;
  guard: FormGuard;
  show: Show;
  submitted: ReadSubmitted;
  once: Once;
  returnTo: Pick<ReturnTo, 'open'>;
}

/** What was typed into the form, or came with the link. */
interface Typed {
  email: string;
  code: string;
  /** The sealed way back to a client's request, from the link. */
  resume: string;
  /** The code came with the link: nobody has to type it, unless it turns out to be wrong. */
  fromLink: boolean;
}

const FORM = '/reset-password';
const REQUEST = '/reset-password/request';

function complaints(form: Readonly<Record<string, string>>, email: string): FormError[] {
  const empty = emptyFields(form, [
    { field: 'login', code: 'EMAIL_MISSING' },
    { field: 'code', code: 'CODE_MISSING' },
    { field: 'password', code: 'PASSWORD_MISSING' },
  ]);
  return empty.length > 0 || parseEmail(email) ? empty : [{ field: 'login', code: 'INVALID_EMAIL' }];
}

/**
 * A new password by a code from a mail. Opening the link changes nothing, since mail scanners open links too; the form
 * needs the address as well. One page asks for the code to be mailed, the other one takes it.
 */
export function resetPasswordPages(deps: Deps): Middleware {
  const { passwordReset, channels, originOf, guard, show, submitted, once, returnTo } = deps;
  const router = new Router({ strict: true, sensitive: true });

  function showForm(ctx: Context, typed: Typed, more: { errors?: FormError[]; sent?: boolean } = {}): void {
    const csrf = guard.token(ctx);
    const requestAddress = channels.has('mail') ? REQUEST : undefined;
    show(ctx, 'recovery/reset-password', { action: FORM, requestAddress, csrf, ...typed, ...more });
  }

  function showRequest(ctx: Context, email: string, errors: FormError[] = []): void {
    requireChannel(channels, 'mail');
    show(ctx, 'recovery/request-reset', { action: REQUEST, csrf: guard.token(ctx), email, errors });
  }

  function showLinked(ctx: Context): void {
    const code = parseKey('reset_password', String(ctx.params.code));
    if (code === undefined) throw new AppError('LINK_INVALID');
    const resume = typeof ctx.query.resume === 'string' ? ctx.query.resume : '';
    showForm(ctx, { email: '', code, resume, fromLink: true });
  }

  router.get('/reset-password', (ctx) => {
    showForm(ctx, { email: '', code: '', resume: '', fromLink: false }, { sent: ctx.query.sent === 'yes' });
  });

  router.post('/reset-password', async (ctx) => {
    const form = await submitted(ctx);
    const { login: email = '', code = '', resume = '' } = form;
    const isKey = parseKey('reset_password', code) !== undefined;
    const typed = { email, code, resume, fromLink: form.from_link === 'yes' && isKey };
    const wrong = complaints(form, email);
    if (wrong.length > 0) {
      ctx.status = 400;
      return showForm(ctx, typed, { errors: wrong });
    }
    try {
      const next = await once(ctx, form, async () => {
        await passwordReset.reset({ email, code, password: form.password ?? '', origin: originOf(ctx) });
        return returnTo.open(resume) ?? '/reset-password/done';
      });
      seeOther(ctx, next);
    } catch (error) {
      const { status, errors } = formFailure(ctx, error, ['RESET_CODE_INVALID', 'TOO_MANY_ATTEMPTS']);
      ctx.status = status;
      const isWrong = error instanceof AppError && error.code === 'RESET_CODE_INVALID';
      return showForm(ctx, { ...typed, fromLink: typed.fromLink && !isWrong }, { errors });
    }
  });

  router.get('/reset-password/request', (ctx) => showRequest(ctx, ''));

  router.post('/reset-password/request', async (ctx) => {
    const form = await submitted(ctx);
    const { login: email = '' } = form;
    if (!parseEmail(email)) {
      const code = email.trim() ? 'INVALID_EMAIL' : 'EMAIL_MISSING';
      ctx.status = 400;
      return showRequest(ctx, email, [{ field: 'login', code }]);
    }
    const locale = isLocale(form.locale) ? form.locale : 'th';
    await passwordReset.request({ email, resetUri: FORM, locale, origin: originOf(ctx) });
    seeOther(ctx, '/reset-password?sent=yes');
  });

  router.get('/reset-password/done', (ctx) => show(ctx, 'recovery/password-set', { outcome: 'reset' }));
  router.get('/reset-password/:code', showLinked);
  // the name that the document of the Self-service API gives the page
  router.get('/customers/do_reset/:code', showLinked);

  return router.routes() as unknown as Middleware;
}
