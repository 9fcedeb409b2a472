import type { Context } from 'koa';
import { CONSOLE_PATH } from '../kit/paths.ts';

/** The cookie of a console session, for the console's paths only. */
export interface ConsoleCookie {
  read(ctx: Context): string | undefined;
  write(ctx: Context, value: string): void;
  clear(ctx: Context): void;
}

const VALUE = /^[\w-]{43}$/;

/** `secure`: the console is on https. It ends with the browser; the server ends it sooner. */
export function consoleCookie({ secure }: { secure: boolean }): ConsoleCookie {
  // it has a path, which `__Host-` forbids
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
