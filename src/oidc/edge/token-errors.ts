import type { Provider } from 'oidc-provider';

/** What the library says of a grant that is not in a client's registration, with `invalid_request`. */
const NOT_REGISTERED = 'requested grant type is not allowed for this client';

interface Refused {
  error_description?: string | undefined;
}

/** Whether a request was refused because its grant is not in the client's registration. */
export const isOfOtherGrant = ({ error_description: description }: Refused): boolean =>
  description === NOT_REGISTERED;

/** Names the error of a grant that a client is not registered for as RFC 6749 §5.2 does, `unauthorized_client`. */
export function nameGrantErrors(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'token') return;
    const body = ctx.body as (Refused & { error?: string }) | undefined;
    if (body && isOfOtherGrant(body)) body.error = 'unauthorized_client';
  });
}
