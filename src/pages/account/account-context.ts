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

/** The details of a visitor that a page of the account area can use. */
export interface AccountContext {
  account: Account;
  sessionUid: string;
  /** The session that survives a change of the account: the current one. */
  preservedSession: PreservedSession & { sessionUid: string };
  /** Epoch seconds of the last authentication. */
  signedInAt: number;
  /** The authentication context, and the authentication methods (RFC 8176). */
  acr: string | undefined;
  amr: readonly string[];
  /** The person signed in recently. Sensitive data can be changed without re-authentication. */
  isRecentlyAuthenticated: boolean;
}

/** The options of a sign-in. */
export interface SignInOptions {
  /** Requires authentication even of a person who is signed in. */
  again: boolean;
  identityProvider?: string;
  /** The requested authentication contexts, in order of preference. */
  acrValues?: readonly string[];
}

export interface AccountContexts {
  /** Undefined when no person is signed in to this browser. */
  of(ctx: Context): Promise<AccountContext | undefined>;
  /** Redirects the browser to a sign-in that returns to a path of the account area. */
  signIn(ctx: Context, path: string, options?: SignInOptions): void;
  /** `/account/callback`: the redirect URI of that sign-in. */
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
 * Identifies the visitor of the account area by the protocol's own session of the browser. A visitor who is not
 * signed in goes through an ordinary authorization request. Its code is never redeemed, because only the session that
 * the request creates is used. Its code challenge is a random value, not the hash of a verifier. The `state` is the
 * path to return to, sealed for the requesting browser.
 */
export function accountContexts(deps: AccountContextsDeps): AccountContexts {
  const { sessions, accounts, guard, keyring, reauthentication, issuer, show } = deps;
  const contextOf = (browser: string): string => `account return ${browser}`;

  function stateFor(ctx: Context, path: string): string {
    guard.token(ctx);
    const returnTo = path.length <= LONGEST_PATH ? path : ACCOUNT_PATH;
    return keyring.seal(contextOf(guard.browser(ctx) ?? ''), returnTo).toString('base64url');
  }

  /** Returns the sealed path, or the first page of the area if the state was not issued to this browser. */
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
    // cancelled: a person who was asked to re-authenticate is still signed in
    if (await of(ctx)) seeOther(ctx, ACCOUNT_PATH);
    else show(ctx, 'sign-in/signed-out', { client: undefined });
  }

  const router = new Router({ strict: true, sensitive: true });
  router.get(ACCOUNT_CLIENT.callbackPath, answer);
  return { of, signIn, callback: router.routes() as unknown as Middleware };
}
