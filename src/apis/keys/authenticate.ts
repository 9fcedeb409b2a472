import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';

/** The caller of an operation that requires a key. */
export interface Caller {
  accountId: number;
  /** The grant that the key belongs to, and ends with. */
  grantRecord: string;
}

/** The data of a request that operations need in addition to its parameters. */
export interface ApiDeps {
  originOf(ctx: Context): Origin;
}

/** The header in which old clients send the key. New clients may send it as a bearer token. */
export const KEY_HEADER = 'X-API-KEY';
