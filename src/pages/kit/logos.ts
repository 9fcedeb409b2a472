import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { Logos } from '../../domain/logos/logos.ts';
import type { LastingDigest } from '../../domain/secrets/lasting-digest.ts';
import { AppError } from '../../errors/app-error.ts';
import { equalBytes } from '../../lib/constant-time.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';

const CONTEXT = 'logo address';
const SECONDS = HOUR_SECONDS;

/** Returns the path of a logo at this server for its registered address. */
export type LogoPath = (uri: string) => string;

/**
 * The name contains the address and a digest. Without the digest, the server would fetch any address that a client
 * requests.
 */
export const logoPath =
  (digest: LastingDigest): LogoPath =>
  (uri) =>
    `/logos/${Buffer.from(uri).toString('base64url')}.${digest(CONTEXT, uri).toString('base64url')}`;

/** The address in a name that `logoPath` created. Undefined for any other name. */
function uriOf(digest: LastingDigest, name: string): string | undefined {
  const [encoded = '', proof = ''] = name.split('.');
  const uri = Buffer.from(encoded, 'base64url').toString('utf8');
  return equalBytes(Buffer.from(proof, 'base64url'), digest(CONTEXT, uri)) ? uri : undefined;
}

/** `/logos/:name`: the logos of clients, and the deployment's own, as the pages show them. */
export function logoImages({ logos, digest }: { logos: Logos; digest: LastingDigest }): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/logos/:name', async (ctx) => {
    const uri = uriOf(digest, ctx.params.name ?? '');
    const logo = uri === undefined ? undefined : await logos.find(uri);
    if (!logo) throw new AppError('NOT_FOUND');
    ctx.set({
      // an SVG that is opened directly can neither run scripts nor load resources
      'Content-Security-Policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': `private, max-age=${SECONDS}`,
    });
    ctx.type = logo.type;
    ctx.body = logo.bytes;
  });
  return router.routes() as unknown as Middleware;
}
