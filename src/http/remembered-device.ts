import type { Context } from 'koa';
import { type Clock, epochSeconds } from '../lib/clock.ts';
import type { SealedCookie } from './sealed-cookie.ts';

/**
 * The accounts that need no second factor in this browser: their generation at that time, and the expiry (epoch
 * seconds).
 */
export type Remembered = Record<string, [generation: number, until: number]>;

export interface RememberedDevice {
  isRemembered(ctx: Context, accountId: number): Promise<boolean>;
  remember(ctx: Context, accountId: number): Promise<void>;
}

interface Deps {
  /** How long a device is remembered. */
  seconds: number;
  clock: Clock;
  /** Undefined if devices are not remembered. */
  cookie: SealedCookie<Remembered> | undefined;
  /** Returns the value that identifies this browser. A browser without one cannot be remembered. */
  browser: (ctx: Context) => string | undefined;
  /** Undefined for an account that does not exist. */
  generationOf: (accountId: number) => Promise<number | undefined>;
}

const PATH = '/interaction';
const MOST_ACCOUNTS = 5;

/**
 * "Don't ask again on this device": a sealed cookie of the browser. It becomes invalid when the generation of the
 * account increases, as it does with a new password and "sign out everywhere".
 */
export const rememberedDevice = ({
  cookie,
  browser,
  generationOf,
  clock,
  seconds,
}: Deps): RememberedDevice => ({
  async isRemembered(ctx, accountId) {
    const [generation, until = 0] = cookie?.read(ctx, PATH)?.[accountId] ?? [];
    if (generation === undefined || until < epochSeconds(clock.now())) return false;
    return generation === (await generationOf(accountId));
  },
  async remember(ctx, accountId) {
    const generation = await generationOf(accountId);
    if (!cookie || generation === undefined || browser(ctx) === undefined) return;
    const others = Object.entries(cookie.read(ctx, PATH) ?? {}).filter(([id]) => id !== String(accountId));
    const entry: Remembered[string] = [generation, epochSeconds(clock.now()) + seconds];
    cookie.write(ctx, PATH, Object.fromEntries([...others.slice(1 - MOST_ACCOUNTS), [accountId, entry]]));
  },
});
