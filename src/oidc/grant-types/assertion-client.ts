import type { Middleware } from 'koa';
import { isStorable } from '../../http/characters.ts';
import { routes } from '../edge/routes.ts';
import { decodeJwt } from '../library/internals.ts';
import { leaveFields, sentFields } from '../partner-exchange/sent-fields.ts';
import { JWT_BEARER } from './jwt-bearer.ts';

/** The issuer that an assertion claims, which nobody has verified yet. */
function claimedIssuer(assertion: string | null): string | undefined {
  try {
    const { iss } = decodeJwt(assertion ?? '').payload;
    return typeof iss === 'string' && isStorable(iss) ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An assertion names its client, so that the request need not (RFC 7521 §4.1, `client_id`). The library looks for the
 * parameter only; it is added where the request says nothing else about the client.
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
