import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import {
  type EmailCodeAuthenticator,
  SIGN_IN_LINK_PATH,
} from '../../domain/authenticators/email-code/email-code.ts';
import { maskEmail } from '../../domain/values/email.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { EMAIL_PATHS, pathOf } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';

interface Deps {
  emailCode: Pick<EmailCodeAuthenticator, 'readLink' | 'isWaiting'>;
  guard: Pick<FormGuard, 'browser' | 'token'>;
  show: Show;
}

/**
 * The page that the link of a sign-in code's mail opens. Opening it changes nothing, because mail scanners and
 * previews also open links. In the browser that requested the code, it has a button that continues the sign-in. In
 * any other browser, it shows the code to be typed in the first one. A link requested by a stranger therefore signs
 * neither person in to the other's account.
 */
export function signInLinkPage({ emailCode, guard, show }: Deps): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get(SIGN_IN_LINK_PATH, async (ctx: Context) => {
    const key = typeof ctx.query.key === 'string' ? ctx.query.key : '';
    const link = emailCode.readLink(key, guard.browser(ctx));
    if (!link || !(await emailCode.isWaiting(link))) throw new AppError('LINK_INVALID');
    const email = maskEmail(link.email);
    if (!link.isOfBrowser || link.uid === undefined)
      return show(ctx, 'links/sign-in-link', { email, code: link.code });
    const action = pathOf(EMAIL_PATHS.link, link.uid);
    show(ctx, 'links/sign-in-link', { email, form: { action, csrf: guard.token(ctx), key } });
  });
  return router.routes() as unknown as Middleware;
}
