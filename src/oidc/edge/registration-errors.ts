import type { Provider } from 'oidc-provider';

/**
 * Sets the error of invalid redirect URIs to `invalid_redirect_uri`, as RFC 7591 §3.2.2 requires: the library has one
 * error for all members.
 */
export function nameRedirectErrors(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    if (!['registration', 'client_update'].includes(ctx.oidc?.route ?? '')) return;
    const body = ctx.body as { error?: string; error_description?: string } | undefined;
    const isOfUris = body?.error_description?.startsWith('redirect_uris') === true;
    if (body?.error === 'invalid_client_metadata' && isOfUris) body.error = 'invalid_redirect_uri';
  });
}
