import Router from '@koa/router';
import type { Middleware } from 'koa';
import { ACCOUNT_PATH } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';

interface Deps {
  show: Show;
  issuer: string;
  environment: string;
  /** A URL that starts a sign-in, in development. */
  signIn?: string | undefined;
}

/** `/`: describes the server in development. In production, redirects to My account. */
export function homePage({ show, issuer, environment, signIn }: Deps): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/', (ctx) => {
    if (environment === 'production') return seeOther(ctx, ACCOUNT_PATH);
    show(ctx, 'sign-in/home', {
      issuer,
      environment,
      links: {
        account: ACCOUNT_PATH,
        discovery: '/.well-known/openid-configuration',
        outbox: '/dev/outbox',
        signIn,
      },
    });
  });
  return router.routes() as unknown as Middleware;
}
