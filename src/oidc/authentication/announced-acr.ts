import type { Provider } from 'oidc-provider';
import { acrValues, type MethodName } from '../../domain/sign-in/methods.ts';

/**
 * Limits the methods in the discovery metadata to those that are available. The library's own list cannot be shortened:
 * it includes the methods in clients' registrations, and those clients would be refused.
 */
export function announceAcrValues(provider: Provider, { methods }: { methods: readonly MethodName[] }): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'discovery') return;
    (ctx.body as Record<string, unknown>).acr_values_supported = acrValues(methods);
  });
}
