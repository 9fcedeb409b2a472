import type { Context } from 'koa';
import type { Clock } from '../lib/clock.ts';
import { expiringSeal } from '../lib/expiring-seal.ts';
import type { Keyring } from '../lib/keyring.ts';

/** A value that a page stores in one browser; others cannot read, change or send it. */
export interface SealedCookie<Value extends object> {
  /** Undefined when there is none for this path, it is too old, or it was given to another browser. */
  read(ctx: Context, path: string): Value | undefined;
  /** Keeps a value for the pages at and under a path. */
  write(ctx: Context, path: string, value: Value): void;
  clear(ctx: Context, path: string): void;
}

interface Deps {
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
  name: string;
  /** How long a value is good for after it was written. */
  seconds: number;
  /** Only over https; from the issuer. */
  secure: boolean;
  /** A value that the browser has and no other: `FormGuard.browser`. */
  browser: (ctx: Context) => string | undefined;
}

/**
 * A cookie that is sealed under `SECRET_KEY`, dated, and bound to its path and browser, so that one that was
 * planted, or copied elsewhere, is none.
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
