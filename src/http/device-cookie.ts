import type { Context } from 'koa';
import { YEAR_SECONDS } from '../lib/durations.ts';
import { randomToken } from '../lib/ids.ts';

export interface DeviceCookie {
  /** The device's value, when it has one. */
  read(ctx: Context): string | undefined;
  /** Gives the device a value that it keeps for a year; the value that it has from now on. */
  ensure(ctx: Context): string;
}

const YEAR_MS = YEAR_SECONDS * 1000;
const VALUE = /^[\w-]{22}$/;

/**
 * A random value that identifies a browser. It does not authenticate: it only keeps strangers, who guess at an
 * account, from using up the attempts of its owner.
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
