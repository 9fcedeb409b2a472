import Router from '@koa/router';
import type { Middleware } from 'koa';
import { seeOther } from '../kit/submitted.ts';
import { PASSWORD_PATH } from './password.ts';

/**
 * `/.well-known/change-password`: the address to which a password manager sends people to change their password (W3C,
 * A Well-Known URL for Changing Passwords).
 */
export function changePasswordUrl(): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/.well-known/change-password', (ctx) => seeOther(ctx, PASSWORD_PATH));
  return router.routes() as unknown as Middleware;
}
