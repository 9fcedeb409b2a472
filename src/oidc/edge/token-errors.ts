import type { Provider } from 'oidc-provider';

/** What the library says of a grant that is not in a client's registration, with `invalid_request`. */
const NOT_REGISTERED = 'requested grant type is not allowed for this client';

/** Names the error of a grant that a client is not registered for as RFC 6749 §5.2 does, `unauthorized_client`. */
export function nameGrantErrors(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'token') return;
    const body = ctx.body as { error?: string; error_description?: string } | undefined;
    if (body?.error === 'invalid_request' && body.error_description === NOT_REGISTERED)
      body.error = 'unauthorized_client';
  });
}
