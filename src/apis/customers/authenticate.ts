import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { PreservedSession } from '../../domain/sessions/end-sessions.ts';

/** Who calls an operation that needs a token. */
export interface Caller {
  accountId: number;
  /** The account's, when the token was found alive. */
  generation: number;
  grantRecord: string;
  sessionUid: string | undefined;
  /** Epoch seconds of the sign-in with the password that the token came from. */
  passwordAt: number | undefined;
}

/** The session and tokens that a change of the account leaves alive: the caller's own. */
export const preservedSessionOf = ({ generation, grantRecord, sessionUid }: Caller): PreservedSession => ({
  generation,
  grantRecord,
  sessionUid,
});

/** What operations need to know of a request beside its members. */
export interface ApiDeps {
  originOf(ctx: Context): Origin;
  /** The first-party client that authenticated itself by Basic, if one did. */
  firstPartyClient(ctx: Context): Promise<string | undefined>;
}
