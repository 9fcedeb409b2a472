import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import type { Records } from '../../storage/unit-of-work.ts';
import { runInUnit } from '../edge/unit.ts';

/** The account that is signed in at a browser. */
export interface BrowserSession {
  accountId: number;
  /** The account's generation at the moment in which the session was found to be live. */
  generation: number;
  sessionUid: string;
  /** Epoch seconds of the person's last authentication. */
  signedInAt: number;
  /** The authentication context of that authentication. */
  acr: string | undefined;
  /** The methods of that authentication (RFC 8176). */
  amr: readonly string[];
}

export interface BrowserSessions {
  /**
   * Returns the session in the browser's cookie, read again from the database. Undefined without one, and when it has
   * ended or its account may no longer be used.
   */
  of(ctx: Context): Promise<BrowserSession | undefined>;
  /** Removes the cookie of an ended session from the browser. */
  forget(ctx: Context): void;
}

interface Deps {
  provider: () => Provider;
  records: Records;
}

/** Returns access to the protocol library's sessions for Pratu's own pages. Reading a session does not change it. */
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
