import Router from '@koa/router';
import type { Middleware } from 'koa';
import { type RelyingParty, webOrigins } from '../../domain/passkeys/relying-party.ts';
import { ACCOUNT_PASSKEY_PATHS, SECURITY_PATHS } from '../kit/paths.ts';

const CACHED = 'public, max-age=300';

/**
 * The well-known addresses for browsers and password managers. `/.well-known/webauthn` lists the origins that may use
 * this server's passkeys (WebAuthn Level 3 §5.11). `/.well-known/passkey-endpoints` names the pages that create and
 * list them (W3C, A Well-Known URL for Relying Party Passkey Endpoints).
 */
export function passkeyEndpoints({
  issuer,
  relyingParty,
}: {
  issuer: string;
  relyingParty: RelyingParty;
}): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  const answers = {
    '/.well-known/webauthn': { origins: webOrigins(relyingParty) },
    '/.well-known/passkey-endpoints': {
      enroll: issuer + ACCOUNT_PASSKEY_PATHS.create,
      manage: issuer + SECURITY_PATHS.overview,
    },
  };
  for (const [path, body] of Object.entries(answers))
    router.get(path, (ctx) => {
      ctx.set('Cache-Control', CACHED);
      ctx.body = body;
    });
  return router.routes() as unknown as Middleware;
}
