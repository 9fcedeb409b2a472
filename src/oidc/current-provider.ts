import type { Middleware } from 'koa';
import compose from 'koa-compose';
import type { Provider } from 'oidc-provider';

/** The provider that serves now. A rotation of keys builds another beside it and swaps the two: no restart, no gap. */
export interface CurrentProvider {
  get(): Provider;
  /** The library's own middleware, of whichever provider is current when a request comes. */
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
