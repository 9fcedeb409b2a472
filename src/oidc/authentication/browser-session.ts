import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import type { Records } from '../../storage/unit-of-work.ts';
import { runInUnit } from '../edge/unit.ts';

/** Who is signed in at a browser. */
export interface BrowserSession {
  accountId: number;
  /** The account's, in the same moment in which the session was found alive. */
  generation: number;
  sessionUid: string;
  /** Epoch seconds at which the person last proved who they are. */
  signedInAt: number;
  /** The authentication context of that. */
  acr: string | undefined;
  /** By what (RFC 8176). */
  amr: readonly string[];
}

export interface BrowserSessions {
  /**
   * The session that the browser's cookie names, read again from the database; undefined without one, and when it has
   * ended or its account may not be used any more.
   */
  of(ctx: Context): Promise<BrowserSession | undefined>;
  /** Takes the cookie of a session that is over off the browser. */
  forget(ctx: Context): void;
}

interface Deps {
  provider: () => Provider;
  records: Records;
}

/** The protocol library's sessions, for our own pages. Reading one changes nothing of it. */
export const browserSessions = ({ provider, records }: Deps): BrowserSessions => ({
  async of(ctx) {
    const work = records.unit();
    const unit = { work, atTokenEndpoint: false };
    const session = await runInUnit(unit, () => provider().Session.get(ctx));
    const { accountId, loginTs, uid, acr, amr = [] } = session;
    const generation = work.generations.get(Number(accountId));
    if (generation === undefined || loginTs === undefined) return undefined;
    return { accountId: Number(accountId), generation, sessionUid: uid, signedInAt: loginTs, acr, amr };
  },
  forget: (ctx) =>
    void ctx.cookies.set(provider().cookieName('session'), null, {
      httpOnly: true,
      sameSite: 'lax',
      secure: ctx.secure,
    }),
});
