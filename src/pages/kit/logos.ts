import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { Logos } from '../../domain/logos/logos.ts';
import type { LastingDigest } from '../../domain/secrets/lasting-digest.ts';
import { AppError } from '../../errors/app-error.ts';
import { equalBytes } from '../../lib/constant-time.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';

const CONTEXT = 'logo address';
const SECONDS = HOUR_SECONDS;

/** The path of a logo at this server, by the address that it is registered under. */
export type LogoPath = (uri: string) => string;

/** The name holds the address, and a digest without which the server would fetch whatever anyone likes. */
export const logoPath =
  (digest: LastingDigest): LogoPath =>
  (uri) =>
    `/logos/${Buffer.from(uri).toString('base64url')}.${digest(CONTEXT, uri).toString('base64url')}`;

/** The address in a name that `logoPath` made. */
function uriOf(digest: LastingDigest, name: string): string | undefined {
  const [encoded = '', proof = ''] = name.split('.');
  const uri = Buffer.from(encoded, 'base64url').toString('utf8');
  return equalBytes(Buffer.from(proof, 'base64url'), digest(CONTEXT, uri)) ? uri : undefined;
}

/** `/logos/:name`: the logo of a client, or our own, which the pages show. */
export function logoImages({ logos, digest }: { logos: Logos; digest: LastingDigest }): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/logos/:name', async (ctx) => {
    const uri = uriOf(digest, ctx.params.name ?? '');
    const logo = uri === undefined ? undefined : await logos.find(uri);
    if (!logo) throw new AppError('NOT_FOUND');
    ctx.set({
      // an SVG that is opened on its own may run and load nothing
      'Content-Security-Policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': `private, max-age=${SECONDS}`,
    });
    ctx.type = logo.type;
    ctx.body = logo.bytes;
  });
  return router.routes() as unknown as Middleware;
}
