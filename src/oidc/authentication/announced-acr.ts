import type { Provider } from 'oidc-provider';
import { acrValues, type MethodName } from '../../domain/sign-in/methods.ts';

/**
 * Discovery announces only the methods that are available. The library's own list holds what clients may have
 * registered too, so it cannot be shortened: those clients would be refused.
 */
export function announceAcrValues(provider: Provider, { methods }: { methods: readonly MethodName[] }): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'discovery') return;
    (ctx.body as Record<string, unknown>).acr_values_supported = acrValues(methods);
  });
}
