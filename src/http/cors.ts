import type { Middleware } from 'koa';

export interface CorsSettings {
  /** Whether scripts of an origin (`https://app.example`) may read these responses. May throw when it cannot decide. */
  allowed(origin: string): Promise<boolean> | boolean;
  /** The exact paths that scripts of other origins may call. All other paths remain closed. */
  paths: readonly string[];
}

const METHODS = 'GET, POST';
const HEADERS = 'Authorization, Content-Type, DPoP';
const EXPOSED = 'WWW-Authenticate, DPoP-Nonce, Retry-After, X-Request-Id';
const PREFLIGHT_SECONDS = 600;

/**
 * Implements the CORS protocol of the Fetch standard for a few paths. Echoes the origin, never `*`, and never allows
 * cookies (no `Access-Control-Allow-Credentials`). Responds to preflight requests.
 */
export function cors({ allowed, paths }: CorsSettings): Middleware {
  const open = new Set(paths);
  return async (ctx, next) => {
    if (!open.has(ctx.path)) return next();
    ctx.vary('Origin');
    const origin = ctx.get('Origin');
    const isPreflight = ctx.method === 'OPTIONS' && ctx.get('Access-Control-Request-Method') !== '';
    // `null` is the origin of every sandboxed frame and local file.
    const mayRead = origin !== '' && origin !== 'null' && (await allowed(origin));
    if (mayRead) ctx.set('Access-Control-Allow-Origin', origin);
    if (!isPreflight) {
      if (mayRead) ctx.set('Access-Control-Expose-Headers', EXPOSED);
      return next();
    }
    if (mayRead) {
      ctx.set('Access-Control-Allow-Methods', METHODS);
      ctx.set('Access-Control-Allow-Headers', HEADERS);
      ctx.set('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
    }
    ctx.status = 204;
  };
}
