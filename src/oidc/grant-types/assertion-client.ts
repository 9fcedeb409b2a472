import type { Middleware } from 'koa';
import { isStorable } from '../../http/characters.ts';
import { routes } from '../edge/routes.ts';
import { decodeJwt } from '../library/internals.ts';
import { leaveFields, sentFields } from '../partner-exchange/sent-fields.ts';
import { JWT_BEARER } from './jwt-bearer.ts';

/** Returns the issuer that an assertion claims, which is not verified yet. */
function claimedIssuer(assertion: string | null): string | undefined {
  try {
    const { iss } = decodeJwt(assertion ?? '').payload;
    return typeof iss === 'string' && isStorable(iss) ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Adds the `client_id` to a request whose assertion identifies the client, which may omit it (RFC 7521 §4.1). The
 * library reads only the parameter. It is added only if the request does not identify the client in another way.
 */
export const assertionClient: Middleware = (ctx, next) => {
  if (ctx.path !== routes.token || ctx.get('Authorization') !== '') return next();
  const fields = sentFields(ctx);
  const names = ['client_id', 'client_assertion'].some((name) => fields.has(name));
  if (fields.get('grant_type') === JWT_BEARER && !names) {
    const issuer = claimedIssuer(fields.get('assertion'));
    if (issuer !== undefined) {
      fields.set('client_id', issuer);
      leaveFields(ctx, fields);
    }
  }
  return next();
};
