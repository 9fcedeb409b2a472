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
 * What the link of a mail with a sign-in code opens. It changes nothing, since mail scanners and previews open links
 * too. In the browser that asked for the code it has a button, which goes on with that sign-in. Any other browser gets
 * the code to type there: a link that a stranger had sent signs nobody in to the stranger's account, nor a stranger in.
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
