import type { Provider } from 'oidc-provider';

/**
 * Sets the announced support for user codes to false: the library announces it together with the endpoint, but it is
 * not supported here.
 */
export function announceBackchannel(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const member = 'backchannel_user_code_parameter_supported';
    const body = ctx.body as Record<string, unknown> | undefined;
    if (ctx.oidc?.route === 'discovery' && body && member in body) body[member] = false;
  });
}
