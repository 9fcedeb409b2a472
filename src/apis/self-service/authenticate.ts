import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { PreservedSession } from '../../domain/sessions/end-sessions.ts';
import { readJsonOrForm } from '../../http/body.ts';

/** Who calls an operation that needs a token. */
export interface Caller {
  accountId: number;
  /** The account's, when the token was found alive. */
  generation: number;
  grantRecord: string;
  sessionUid: string | undefined;
}

/** What operations need to know of a request beside its members. */
export interface ApiDeps {
  originOf(ctx: Context): Origin;
  /** Largest body, in bytes. */
  bodyBytes: number;
}

/** The session and tokens that a change of the account leaves alive: the caller's own. */
export const preservedSessionOf = ({ generation, grantRecord, sessionUid }: Caller): PreservedSession => ({
  generation,
  grantRecord,
  sessionUid,
});

/** The token of a request, which some clients send without a scheme. */
export function tokenOf(ctx: Context): string | undefined {
  const [, token] = /^(?:bearer +)?(\S+) *$/i.exec(ctx.get('Authorization')) ?? [];
  return token;
}

/** Reads a JSON body, whatever its type says when it looks like one. */
export const jsonReader =
  ({ bodyBytes: bytes }: ApiDeps) =>
  (ctx: Context): Promise<unknown> =>
    readJsonOrForm(ctx, { bytes, form: false });
