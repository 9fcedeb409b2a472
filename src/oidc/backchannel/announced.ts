import type { Provider } from 'oidc-provider';

/** The library announces user codes, which are not supported here, wherever it has the endpoint. */
export function announceBackchannel(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const member = 'backchannel_user_code_parameter_supported';
    const body = ctx.body as Record<string, unknown> | undefined;
    if (ctx.oidc?.route === 'discovery' && body && member in body) body[member] = false;
  });
}
