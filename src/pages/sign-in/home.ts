import Router from '@koa/router';
import type { Middleware } from 'koa';
import { ACCOUNT_PATH } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';

interface Deps {
  show: Show;
  issuer: string;
  environment: string;
  /** A URL that opens a login; in development. */
  signIn?: string | undefined;
}

/** `/`: says what this server is. */
export function homePage({ show, issuer, environment, signIn }: Deps): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  const development = environment !== 'production';
  router.get('/', (ctx) => {
    show(ctx, 'sign-in/home', {
      issuer,
      environment,
      links: {
        account: ACCOUNT_PATH,
        discovery: '/.well-known/openid-configuration',
        ...(development ? { outbox: '/dev/outbox', signIn } : {}),
      },
    });
  });
  return router.routes() as unknown as Middleware;
}
