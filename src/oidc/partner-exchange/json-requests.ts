import type { Middleware } from 'koa';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import { AppError } from '../../errors/app-error.ts';
import { parseJson, readJsonText } from '../../http/body.ts';
import { routes } from '../edge/routes.ts';
import { leaveFields, MARK, mayBeExchange, namedSender } from './sent-fields.ts';

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** Returns the members as fields. Of malformed JSON, only the mark of an exchange is recognised. */
function fieldsOf(text: string): URLSearchParams {
  try {
    const value: unknown = JSON.parse(text);
    const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const asText = (member: unknown): string =>
      typeof member === 'string' ? member : JSON.stringify(member);
    return new URLSearchParams(members.map(([name, member]) => [name, asText(member)]));
  } catch {
    return new URLSearchParams(text.includes(`"${MARK}"`) ? { [MARK]: '' } : {});
  }
}

/** Throws `BAD_REQUEST` for a member that is not a string: in a form, every value is one. */
function checkMembers(value: unknown): void {
  const odd = Object.entries(value as object).find(([, member]) => typeof member !== 'string');
  if (odd) throw new AppError('BAD_REQUEST', { field: /^\w{1,64}$/.test(odd[0]) ? odd[0] : undefined });
}

/**
 * Accepts JSON for the exchange of a partner, and processes it as the equivalent form. JSON of other clients is passed
 * to the library, which refuses it.
 */
export function jsonRequests(deps: { clientCache: ClientCache; bodyBytes: number }): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== routes.token || !ctx.is(JSON_TYPE)) return next();
    const text = await readJsonText(ctx, deps.bodyBytes);
    const fields = fieldsOf(text);
    leaveFields(ctx, fields);
    const meant = fields.has(MARK) || (await namedSender(deps.clientCache, fields, ctx)) === 'partner';
    if (meant && mayBeExchange(fields)) {
      checkMembers(parseJson(text, { bytes: deps.bodyBytes, uniqueNames: true }));
      ctx.req.headers['content-type'] = FORM;
      ctx.state.sentAsJson = true;
    }
    return next();
  };
}

/** Refuses JSON of a client without the profile, with the library's message for any other JSON. */
export function refuseJson(ctx: KoaContextWithOIDC): void {
  if (ctx.state.sentAsJson !== true) return;
  throw new errors.InvalidRequest(
    `only ${FORM} content-type bodies are supported on ${ctx.method} ${ctx.path}`,
  );
}
