import type { Provider } from 'oidc-provider';

/** The library's description of a grant that is not in a client's registration, with `invalid_request`. */
const NOT_REGISTERED = 'requested grant type is not allowed for this client';

interface Refused {
  error_description?: string | undefined;
}

/** Returns whether a request was refused because its grant is not in the client's registration. */
export const isOfOtherGrant = ({ error_description: description }: Refused): boolean =>
  description === NOT_REGISTERED;

/**
 * Sets the error of a grant that a client is not registered for to `unauthorized_client`, as RFC 6749 §5.2 requires.
 */
export function nameGrantErrors(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'token') return;
    const body = ctx.body as (Refused & { error?: string }) | undefined;
    if (body && isOfOtherGrant(body)) body.error = 'unauthorized_client';
  });
}
