import type { Context, Middleware } from 'koa';
import type { Provider } from 'oidc-provider';
import { AppError } from '../errors/app-error.ts';
import { type Clock, epochSeconds } from '../lib/clock.ts';
import { routes } from './configuration/routes.ts';

const LONGEST_QUERY = 2048;
const PUSHED_SECONDS = 60;
const PUSHED_URN = 'urn:ietf:params:oauth:request_uri:';

const PATHS: readonly string[] = [routes.authorization, routes.end_session];

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** The parameters as an unsecured request object (RFC 9101), the form in which the library keeps pushed requests. */
function requestObject(params: URLSearchParams, issuer: string, now: number): string {
  const request = params.get('request');
  if (request !== null) return request;
  const { claims, ...rest } = Object.fromEntries(params);
  let parsed: unknown;
  try {
    parsed = claims === undefined ? undefined : JSON.parse(claims);
  } catch (cause) {
    throw new AppError('BAD_REQUEST', { field: 'claims', cause });
  }
  const times = { iat: now, nbf: now, exp: now + PUSHED_SECONDS };
  const payload = {
    ...rest,
    ...(claims === undefined ? {} : { claims: parsed }),
    iss: rest.client_id,
    aud: issuer,
    ...times,
  };
  return `${encode({ alg: 'none' })}.${encode(payload)}.`;
}

interface Deps {
  provider: () => Provider;
  issuer: string;
  clock: Clock;
}

/**
 * A form posted to the authorization or the logout endpoint comes from another site, so it comes without our
 * `SameSite=Lax` cookies. It is answered 303 to the same request by GET, which brings them; what is too long for a URL
 * goes through a pushed request (OpenID Connect Core §3.1.2.1, RFC 9126).
 */
export function postToGet({ provider, issuer, clock }: Deps): Middleware {
  async function pushed(body: string): Promise<string> {
    const params = new URLSearchParams(body);
    const { PushedAuthorizationRequest } = provider();
    const request = requestObject(params, issuer, epochSeconds(clock.now()));
    const id = await new PushedAuthorizationRequest({ request, trusted: false } as never).save(
      PUSHED_SECONDS,
    );
    const clientId = params.get('client_id') ?? '';
    return String(new URLSearchParams({ client_id: clientId, request_uri: `${PUSHED_URN}${id}` }));
  }

  return async (ctx: Context, next) => {
    if (ctx.method !== 'POST' || !PATHS.includes(ctx.path)) return next();
    if (ctx.is('application/x-www-form-urlencoded') === false) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
    const body = String((ctx.req as { body?: string }).body ?? '');
    const push =
      ctx.path === routes.authorization &&
      body.length > LONGEST_QUERY &&
      !new URLSearchParams(body).has('request_uri');
    ctx.redirect(`${ctx.path}?${push ? await pushed(body) : body}`);
    ctx.status = 303;
  };
}
