import type { Middleware } from 'koa';
import compose from 'koa-compose';
import type { Provider } from 'oidc-provider';

/**
 * The provider that currently serves requests. A rotation of keys creates another and swaps the two, without a restart
 * or a gap.
 */
export interface CurrentProvider {
  get(): Provider;
  /** The library's middleware, of the provider that is current when a request arrives. */
  serve: Middleware;
  reload(): Promise<void>;
}

export async function currentProvider(create: () => Promise<Provider>): Promise<CurrentProvider> {
  let provider = await create();
  let run = compose(provider.middleware);
  return {
    get: () => provider,
    serve: (ctx, next) => run(ctx, next),
    async reload() {
      const next = await create();
      provider = next;
      run = compose(next.middleware);
    },
  };
}
