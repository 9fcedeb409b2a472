import type { Context } from 'koa';
import type { Clock } from '../lib/clock.ts';
import { expiringSeal } from '../lib/expiring-seal.ts';
import type { Keyring } from '../lib/keyring.ts';

/** A value that a page stores in one browser. It cannot be read, changed or sent by anything else. */
export interface SealedCookie<Value extends object> {
  /** Returns undefined if there is no value for this path, it has expired, or it was given to another browser. */
  read(ctx: Context, path: string): Value | undefined;
  /** Stores a value for the pages at and under a path. */
  write(ctx: Context, path: string, value: Value): void;
  clear(ctx: Context, path: string): void;
}

interface Deps {
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
  name: string;
  /** The lifetime of a value after it was written. */
  seconds: number;
  /** Sent only over https; derived from the issuer. */
  secure: boolean;
  /** Returns a value that is unique to the browser: `FormGuard.browser`. */
  browser: (ctx: Context) => string | undefined;
}

/**
 * Creates a cookie that is sealed with `SECRET_KEY`, expires, and is bound to its path and browser. A cookie that was
 * planted, or copied from elsewhere, is therefore invalid.
 */
export function sealedCookie<Value extends object>(deps: Deps): SealedCookie<Value> {
  const { seconds, secure, browser } = deps;
  const seal = expiringSeal(deps);
  // it has a path, which `__Host-` forbids
  const name = secure ? `__Secure-${deps.name}` : deps.name;
  const contextOf = (ctx: Context, path: string): string | undefined => {
    const owner = browser(ctx);
    return owner && `cookie ${name} ${path} ${owner}`;
  };
  const options = (path: string) => ({
    path,
    httpOnly: true,
    sameSite: 'lax' as const,
    secure,
    signed: false,
  });

  return {
    read(ctx, path) {
      const context = contextOf(ctx, path);
      const sealed = ctx.cookies.get(name, { signed: false });
      if (context === undefined || !sealed) return undefined;
      return seal.open(context, sealed) as Value | undefined;
    },
    write(ctx, path, value) {
      const context = contextOf(ctx, path);
      if (context === undefined) throw new Error('a sealed cookie needs a browser to bind it to');
      ctx.cookies.set(name, seal.seal(context, value, seconds), { ...options(path), maxAge: seconds * 1000 });
    },
    clear: (ctx, path) => void ctx.cookies.set(name, null, options(path)),
  };
}
