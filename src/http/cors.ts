import type { Middleware } from 'koa';

export interface CorsSettings {
  /** Whether scripts of an origin (`https://app.example`) may read these answers; may throw when it cannot tell. */
  allowed(origin: string): Promise<boolean> | boolean;
  /** The paths that scripts of other origins may call, exactly; all others stay closed. */
  paths: readonly string[];
}

const METHODS = 'GET, POST';
const HEADERS = 'Authorization, Content-Type, DPoP';
const EXPOSED = 'WWW-Authenticate, DPoP-Nonce, Retry-After, X-Request-Id';
const PREFLIGHT_SECONDS = 600;

/**
 * The Fetch standard's CORS protocol for a few paths: the origin itself is echoed, never `*`, and cookies
 * are never let in (no `Access-Control-Allow-Credentials`). A preflight is answered here.
 */
export function cors({ allowed, paths }: CorsSettings): Middleware {
  const open = new Set(paths);
  return async (ctx, next) => {
    if (!open.has(ctx.path)) return next();
    ctx.vary('Origin');
    const origin = ctx.get('Origin');
    const isPreflight = ctx.method === 'OPTIONS' && ctx.get('Access-Control-Request-Method') !== '';
    // `null` is every sandboxed frame and local file there is.
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
