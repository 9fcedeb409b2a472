import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import { ACCOUNT_CLIENT } from '../../domain/clients/built-in-clients.ts';
import type { PreservedSession } from '../../domain/sessions/end-sessions.ts';
import type { Reauthentication } from '../../domain/sign-in/reauthentication.ts';
import { isLocale } from '../../domain/values/locale.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { randomToken } from '../../lib/ids.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { actAs } from '../../lib/request-context.ts';
import { ACCOUNT_PATH } from '../kit/paths.ts';
import { localesOf, type Show } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';

/** What a page of the account area knows about its visitor. */
export interface AccountContext {
  account: Account;
  sessionUid: string;
  /** What a change of the account leaves alive: this very session. */
  preservedSession: PreservedSession & { sessionUid: string };
  /** Epoch seconds of the last authentication. */
  signedInAt: number;
  /** Its authentication context, and by what (RFC 8176). */
  acr: string | undefined;
  amr: readonly string[];
  /** The person signed in a moment ago: what is sensitive may be changed without asking again. */
  isRecentlyAuthenticated: boolean;
}

/** How someone is sent through a sign-in. */
export interface SignInOptions {
  /** Asks also someone who is signed in. */
  again: boolean;
  identityProvider?: string;
  /** The authentication contexts that are wanted, the preferred one first. */
  acrValues?: readonly string[];
}

export interface AccountContexts {
  /** Undefined when nobody is signed in at this browser. */
  of(ctx: Context): Promise<AccountContext | undefined>;
  /**
   * Sends the browser through a sign-in and back to a path of the account area.
   */
  signIn(ctx: Context, path: string, options?: SignInOptions): void;
  /** `/account/callback`: where that sign-in comes back to. */
  callback: Middleware;
}

interface VisitorSession extends Pick<AccountContext, 'sessionUid' | 'signedInAt' | 'acr' | 'amr'> {
  accountId: number;
  generation: number;
}

export interface AccountContextsDeps {
  sessions: {
    of(ctx: Context): Promise<VisitorSession | undefined>;
  };
  accounts: { find(id: number): Promise<Account | undefined> };
  guard: Pick<FormGuard, 'token' | 'browser'>;
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  reauthentication: Pick<Reauthentication, 'isRecent'>;
  issuer: string;
  show: Show;
}

const LONGEST_PATH = 500;

/**
 * The visitor of the account area, by the protocol's own session of the browser. Nobody there is sent through an
 * ordinary authorization request, whose code is never redeemed (its challenge is the hash of nothing): what counts
 * is the session that it leaves. Its `state` is the path to return to, sealed for the browser that asked.
 */
export function accountContexts(deps: AccountContextsDeps): AccountContexts {
  const { sessions, accounts, guard, keyring, reauthentication, issuer, show } = deps;
  const contextOf = (browser: string): string => `account return ${browser}`;

  function stateFor(ctx: Context, path: string): string {
    guard.token(ctx);
    const returnTo = path.length <= LONGEST_PATH ? path : ACCOUNT_PATH;
    return keyring.seal(contextOf(guard.browser(ctx) ?? ''), returnTo).toString('base64url');
  }

  /** The sealed path; the area's first page where the state is none that this browser was given. */
  function returnPath(ctx: Context): string {
    const { state } = ctx.query;
    const browser = guard.browser(ctx);
    if (typeof state !== 'string' || browser === undefined) return ACCOUNT_PATH;
    try {
      return keyring.openText(contextOf(browser), Buffer.from(state, 'base64url'));
    } catch {
      return ACCOUNT_PATH;
    }
  }

  async function of(ctx: Context): Promise<AccountContext | undefined> {
    const session = await sessions.of(ctx);
    const account = session && (await accounts.find(session.accountId));
    if (!session || account?.status !== 'active') return undefined;
    actAs(`account:${account.id}`);
    const { generation, sessionUid } = session;
    return {
      account,
      sessionUid,
      preservedSession: { generation, sessionUid },
      signedInAt: session.signedInAt,
      acr: session.acr,
      amr: session.amr,
      isRecentlyAuthenticated: reauthentication.isRecent(session.signedInAt),
    };
  }

  function signIn(
    ctx: Context,
    path: string,
    { again, identityProvider, acrValues = [] }: SignInOptions = { again: false },
  ): void {
    const { lang } = ctx.query;
    const query = new URLSearchParams({
      client_id: ACCOUNT_CLIENT.id,
      response_type: 'code',
      redirect_uri: `${issuer}${ACCOUNT_CLIENT.callbackPath}`,
      scope: 'openid',
      state: stateFor(ctx, path),
      code_challenge: randomToken(),
      code_challenge_method: 'S256',
      ...(again ? { prompt: 'login' } : {}),
      ...(acrValues.length > 0 ? { acr_values: acrValues.join(' ') } : {}),
      ...(identityProvider === undefined ? {} : { identity_provider: identityProvider }),
      ...(isLocale(lang, localesOf(ctx)) ? { ui_locales: lang } : {}),
    });
    seeOther(ctx, `${issuer}/oauth/authorize?${query}`);
  }

  async function answer(ctx: Context): Promise<void> {
    const { error } = ctx.query;
    if (error === undefined) return seeOther(ctx, returnPath(ctx));
    if (error !== 'access_denied') throw new AppError('BAD_REQUEST');
    // cancelled: someone who was asked once more is signed in still
    if (await of(ctx)) seeOther(ctx, ACCOUNT_PATH);
    else show(ctx, 'sign-in/signed-out', { client: undefined });
  }

  const router = new Router({ strict: true, sensitive: true });
  router.get(ACCOUNT_CLIENT.callbackPath, answer);
  return { of, signIn, callback: router.routes() as unknown as Middleware };
}
