import type { Context } from 'koa';
import { CONSOLE_PATH } from '../kit/paths.ts';

/** The cookie of a console session, limited to the console's paths. */
export interface ConsoleCookie {
  read(ctx: Context): string | undefined;
  write(ctx: Context, value: string): void;
  clear(ctx: Context): void;
}

const VALUE = /^[\w-]{43}$/;

/**
 * `secure` is true if the console uses https. The cookie lasts until the browser is closed. The server ends the
 * session sooner.
 */
export function consoleCookie({ secure }: { secure: boolean }): ConsoleCookie {
  // the cookie has a path, which `__Host-` does not allow
  const name = secure ? '__Secure-console' : 'console';
  const options = { path: CONSOLE_PATH, httpOnly: true, sameSite: 'lax', secure, signed: false } as const;
  return {
    read(ctx) {
      const value = ctx.cookies.get(name, { signed: false });
      return value !== undefined && VALUE.test(value) ? value : undefined;
    },
    write: (ctx, value) => void ctx.cookies.set(name, value, options),
    clear: (ctx) => void ctx.cookies.set(name, null, options),
  };
}
