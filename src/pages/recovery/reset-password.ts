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
import type { BotCheck } from '../kit/bot-check.ts';
import { emptyFields, refuseIf, type Sent } from '../kit/form-errors.ts';
import { type Again, addFormPage } from '../kit/form-page.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { ACCOUNT_PATH, RESET_PASSWORD_PATHS as PATHS } from '../kit/paths.ts';
import { localesOf, type Show } from '../kit/show.ts';
import type { ReadSubmitted } from '../kit/submitted.ts';
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
  botCheck: BotCheck;
  returnTo: Pick<ReturnTo, 'open'>;
  passwordLeast: number;
}

/** The values that were typed into the form, or came with the link. */
interface Typed {
  email: string;
  code: string;
  /** The sealed address of a client's request, from the link. */
  resume: string;
  /** The code came with the link. It needs to be typed only if it proves wrong. */
  fromLink: boolean;
}

function complaints(form: Sent): FormError[] {
  const empty = emptyFields(form, [
    { field: 'login', code: 'EMAIL_MISSING' },
    { field: 'code', code: 'CODE_MISSING' },
    { field: 'password', code: 'PASSWORD_MISSING' },
  ]);
  return empty.length > 0 || parseEmail(form.login ?? '')
    ? empty
    : [{ field: 'login', code: 'INVALID_EMAIL' }];
}

function typedIn({ login: email = '', code = '', resume = '', from_link }: Sent): Typed {
  const isKey = parseKey('reset_password', code) !== undefined;
  return { email, code, resume, fromLink: from_link === 'yes' && isKey };
}

/**
 * Sets a new password with a code from a mail. Opening the link changes nothing, because mail scanners also open
 * links. The form also requires the address. One page requests the mail with the code, the other one accepts the
 * code.
 */
export function resetPasswordPages(deps: Deps): Middleware {
  const { passwordReset, channels, originOf, guard, show, submitted, once, botCheck } = deps;
  const { returnTo, passwordLeast } = deps;
  const router = new Router({ strict: true, sensitive: true });

  function showForm(
    ctx: Context,
    typed: Typed,
    more: { errors?: readonly FormError[]; sent?: boolean } = {},
    status = 200,
  ): void {
    const csrf = guard.token(ctx);
    const requestAddress = channels.has('mail') ? PATHS.request : undefined;
    show(
      ctx,
      'recovery/reset-password',
      { action: PATHS.form, requestAddress, passwordLeast, csrf, ...typed, ...more },
      { status },
    );
  }

  function showLinked(ctx: Context): void {
    const code = parseKey('reset_password', String(ctx.params.code));
    if (code === undefined) throw new AppError('LINK_INVALID');
    const resume = typeof ctx.query.resume === 'string' ? ctx.query.resume : '';
    showForm(ctx, { email: '', code, resume, fromLink: true });
  }

  addFormPage<[]>(router, {
    path: PATHS.form,
    read: submitted,
    once,
    explains: ['RESET_CODE_INVALID', 'TOO_MANY_ATTEMPTS'],
    at: (ctx, run) => run(ctx),
    show(ctx, _found, again) {
      const typed = typedIn(again?.sent ?? {});
      if (!again) return showForm(ctx, typed, { sent: ctx.query.sent === 'yes' });
      const fromLink = typed.fromLink && again.reason !== 'RESET_CODE_INVALID';
      showForm(ctx, { ...typed, fromLink }, { errors: again.errors }, again.status);
    },
    async submit(ctx, form) {
      refuseIf(complaints(form));
      const { email, code, resume } = typedIn(form);
      await passwordReset.reset({ email, code, password: form.password ?? '', origin: originOf(ctx) });
      return resume === '' ? PATHS.done : `${PATHS.done}?${new URLSearchParams({ resume })}`;
    },
  });

  addFormPage<[]>(router, {
    path: PATHS.request,
    read: submitted,
    explains: [],
    at: (ctx, run) => run(ctx),
    show(ctx, _found, { sent, errors, status }: Partial<Again> = {}) {
      requireChannel(channels, 'mail');
      const data = {
        ...{ action: PATHS.request, csrf: guard.token(ctx), email: sent?.login ?? '', errors },
        botCheck: botCheck.widget('reset'),
      };
      show(ctx, 'recovery/request-reset', data, { status: status ?? 200 });
    },
    async submit(ctx, sent) {
      const { login: email = '', locale: asked } = sent;
      const code = email.trim() ? 'INVALID_EMAIL' : 'EMAIL_MISSING';
      refuseIf(parseEmail(email) ? [] : [{ field: 'login', code }]);
      await botCheck.require(ctx, sent, 'reset');
      const locale = isLocale(asked, localesOf(ctx)) ? asked : 'th';
      await passwordReset.request({ email, resetUri: PATHS.form, locale, origin: originOf(ctx) });
      return `${PATHS.form}?sent=yes`;
    },
  });

  router.get(PATHS.done, (ctx) =>
    show(ctx, 'recovery/password-set', {
      outcome: 'reset',
      signInAddress: returnTo.open(ctx.query.resume) ?? ACCOUNT_PATH,
    }),
  );
  router.get(PATHS.linked, showLinked);
  router.get(PATHS.selfService, showLinked);

  return router.routes() as unknown as Middleware;
}
