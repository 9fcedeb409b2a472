import type { Provider } from 'oidc-provider';
import { acrValues, type SignInWay } from './methods.ts';

/**
 * Has discovery announce only the ways that there are. The library's own list is what clients may have registered too, so
 * it cannot be shortened: those clients would be refused.
 */
export function announceWays(provider: Provider, { ways }: { ways: readonly SignInWay[] }): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'discovery') return;
    (ctx.body as Record<string, unknown>).acr_values_supported = acrValues(ways);
  });
}
