import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';

/** Who calls an operation that needs a key. */
export interface Caller {
  accountId: number;
  /** What the key belongs to, and ends with. */
  grantRecord: string;
}

/** What operations need to know of a request beside its parameters. */
export interface ApiDeps {
  originOf(ctx: Context): Origin;
}

/** The key as old clients send it; new ones may send it as a bearer token. */
export const KEY_HEADER = 'X-API-KEY';
