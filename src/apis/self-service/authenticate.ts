import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { PreservedSession } from '../../domain/sessions/end-sessions.ts';
import { readJsonOrForm } from '../../http/body.ts';

/** The caller of an operation that requires a token. */
export interface Caller {
  accountId: number;
  /** The generation of the account when the token was found valid. */
  generation: number;
  grantRecord: string;
  sessionUid: string | undefined;
}

/** The data of a request that operations need in addition to its members. */
export interface ApiDeps {
  originOf(ctx: Context): Origin;
  /** The maximum size of a body, in bytes. */
  bodyBytes: number;
}

/** Returns the session and tokens that a change of the account does not revoke: those of the caller. */
export const preservedSessionOf = ({ generation, grantRecord, sessionUid }: Caller): PreservedSession => ({
  generation,
  grantRecord,
  sessionUid,
});

/** Returns the token of a request, which some clients send without a scheme. */
export function tokenOf(ctx: Context): string | undefined {
  const [, token] = /^(?:bearer +)?(\S+) *$/i.exec(ctx.get('Authorization')) ?? [];
  return token;
}

/** Reads a JSON body. Its media type is ignored if the body looks like JSON. */
export const jsonReader =
  ({ bodyBytes: bytes }: ApiDeps) =>
  (ctx: Context): Promise<unknown> =>
    readJsonOrForm(ctx, { bytes, form: false });
