import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { UpstreamProviders } from '../../domain/upstream/providers.ts';
import type { AccountContexts } from '../account/account-context.ts';
import { ACCOUNT_PATH, REGISTER_PATHS } from '../kit/paths.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';

interface Deps {
  providers: Pick<UpstreamProviders, 'find'>;
  accountContexts: Pick<AccountContexts, 'signIn'>;
  submitted: ReadSubmitted;
}

/** `/register/upstream`: starts a registration with another provider by signing in to My account with that provider. */
export function beginUpstreamRegistration({ providers, accountContexts, submitted }: Deps): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.post(REGISTER_PATHS.upstream, async (ctx) => {
    const { identity_provider: id } = await submitted(ctx);
    const provider = providers.find(id);
    if (provider) accountContexts.signIn(ctx, ACCOUNT_PATH, { again: true, identityProvider: provider.id });
    else seeOther(ctx, REGISTER_PATHS.mobile);
  });
  return router.routes() as unknown as Middleware;
}
