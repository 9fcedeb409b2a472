import type { Context } from 'koa';
import { YEAR_SECONDS } from '../lib/durations.ts';
import { randomToken } from '../lib/ids.ts';

export interface DeviceCookie {
  /** Returns the value of the device, if it has one. */
  read(ctx: Context): string | undefined;
  /** Gives the device a value if it has none, extends its lifetime to a year, and returns it. */
  ensure(ctx: Context): string;
}

const YEAR_MS = YEAR_SECONDS * 1000;
const VALUE = /^[\w-]{22}$/;

/**
 * A random value that identifies a browser. It does not authenticate. It only prevents attackers who guess passwords
 * from using up the attempts of the account's owner.
 */
export function deviceCookie({ secure }: { secure: boolean }): DeviceCookie {
  const name = secure ? '__Host-device' : 'device';
  const read = (ctx: Context): string | undefined => {
    const value = ctx.cookies.get(name, { signed: false });
    return value && VALUE.test(value) ? value : undefined;
  };
  return {
    read,
    ensure(ctx) {
      const value = read(ctx) ?? randomToken(128);
      ctx.cookies.set(name, value, {
        httpOnly: true,
        sameSite: 'lax',
        secure,
        signed: false,
        maxAge: YEAR_MS,
      });
      return value;
    },
  };
}
