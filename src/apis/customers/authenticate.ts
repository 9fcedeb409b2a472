import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { PreservedSession } from '../../domain/sessions/end-sessions.ts';

/** The caller of an operation that requires a token. */
export interface Caller {
  accountId: number;
  /** The generation of the account when the token was found valid. */
  generation: number;
  grantRecord: string;
  sessionUid: string | undefined;
  /** The time of the password sign-in that the token is based on, in epoch seconds. */
  passwordAt: number | undefined;
}

/** Returns the session and tokens that a change of the account does not revoke: those of the caller. */
export const preservedSessionOf = ({ generation, grantRecord, sessionUid }: Caller): PreservedSession => ({
  generation,
  grantRecord,
  sessionUid,
});

/** The data of a request that operations need in addition to its members. */
export interface ApiDeps {
  originOf(ctx: Context): Origin;
  /** Returns the first-party client that authenticated with HTTP Basic, if any. */
  firstPartyClient(ctx: Context): Promise<string | undefined>;
}
