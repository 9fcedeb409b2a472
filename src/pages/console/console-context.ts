import { createHash } from 'node:crypto';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import { CONSOLE_CLIENT } from '../../domain/clients/built-in-clients.ts';
import type { ConsoleSessions } from '../../domain/console-sessions/console-sessions.ts';
import { type Role, scopesOfRole } from '../../domain/operators/role.ts';
import { MFA } from '../../domain/sign-in/mfa.ts';
import type { Reauthentication } from '../../domain/sign-in/reauthentication.ts';
import { isLocale } from '../../domain/values/locale.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import { epochSeconds } from '../../lib/clock.ts';
import { equalSecrets } from '../../lib/constant-time.ts';
import { randomToken } from '../../lib/ids.ts';
import { actAs } from '../../lib/request-context.ts';
import { CONSOLE_PATH } from '../kit/paths.ts';
import { localesOf, type Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { ConsoleCookie } from './console-cookie.ts';

/** The operator who views a page of the console. */
export interface Operator {
  account: Account;
  role: Role;
  scopes: ReadonlySet<string>;
  /** Authenticated within the last five minutes. Destructive actions require no further authentication. */
  isRecentlyAuthenticated: boolean;
}

/** A sign-in in progress, in a sealed cookie of the browser that started it. */
export interface ConsoleSignIn {
  state: string;
  verifier: string;
  returnTo: string;
}

export interface ConsoleContexts {
  /** Undefined when no operator is signed in to this browser. */
  of(ctx: Context): Promise<Operator | undefined>;
  /** Redirects the browser to a sign-in that returns to a path of the console. */
  signIn(ctx: Context, path: string): void;
  /** `/console/callback` and `/console/sign-out`. */
  routes: Middleware;
}

export interface ConsoleContextsDeps {
  consoleSessions: ConsoleSessions;
  accounts: { find(id: number): Promise<Account | undefined> };
  /** Redeems the code of a sign-in. */
  redeem(request: {
    code: string;
    clientId: string;
    redirectUri: string;
    verifier: string;
  }): Promise<
    { accountId: number; generation: number; authenticatedAt: Date; amr: readonly string[] } | undefined
  >;
  cookie: ConsoleCookie;
  signInCookie: SealedCookie<ConsoleSignIn>;
  guard: Pick<FormGuard, 'token'>;
  submitted: ReadSubmitted;
  reauthentication: Pick<Reauthentication, 'isRecent'>;
  issuer: string;
  /** The origin of the console. */
  origin: string;
  needsSecondFactor: boolean;
  show: Show;
}

const LONGEST_PATH = 500;

/**
 * Operators sign in to the console with an authorization request of the built-in client. It always requires
 * authentication, so that the session of a customer in the same browser never becomes an operator's.
 */
export function consoleContexts(deps: ConsoleContextsDeps): ConsoleContexts {
  const { consoleSessions, accounts, cookie, signInCookie, guard, reauthentication, issuer, origin, show } =
    deps;
  const redirectUri = origin + CONSOLE_CLIENT.callbackPath;
  const isStrong = (amr: readonly string[]): boolean => !deps.needsSecondFactor || amr.includes(MFA.amr);

  async function of(ctx: Context): Promise<Operator | undefined> {
    const value = cookie.read(ctx);
    const session = value === undefined ? undefined : await consoleSessions.find(value);
    const account = session && (await accounts.find(session.accountId));
    if (!session || !account || !isStrong(session.amr)) return undefined;
    actAs(`operator:${account.id}`);
    return {
      account,
      role: session.role,
      scopes: scopesOfRole(session.role),
      isRecentlyAuthenticated: reauthentication.isRecent(epochSeconds(session.authenticatedAt)),
    };
  }

  function signIn(ctx: Context, path: string): void {
    const { lang } = ctx.query;
    // the sealed cookie is bound to the guard's browser identifier
    guard.token(ctx);
    const begun = {
      state: randomToken(),
      verifier: randomToken(),
      returnTo: path.length <= LONGEST_PATH ? path : CONSOLE_PATH,
    };
    signInCookie.write(ctx, CONSOLE_PATH, begun);
    const query = new URLSearchParams({
      client_id: CONSOLE_CLIENT.id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid',
      prompt: 'login',
      state: begun.state,
      code_challenge: createHash('sha256').update(begun.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(deps.needsSecondFactor ? { acr_values: MFA.acr } : {}),
      ...(isLocale(lang, localesOf(ctx)) ? { ui_locales: lang } : {}),
    });
    seeOther(ctx, `${issuer}/oauth/authorize?${query}`);
  }

  const refuse = (ctx: Context, why: 'no_operator' | 'no_second_factor' | 'cancelled'): void =>
    show(ctx, 'console/refused', { why }, { status: why === 'cancelled' ? 200 : 403 });

  /** Handles the response to the sign-in that this browser started, once. */
  async function callback(ctx: Context): Promise<void> {
    const { state, code, error } = ctx.query;
    const begun = signInCookie.read(ctx, CONSOLE_PATH);
    signInCookie.clear(ctx, CONSOLE_PATH);
    if (!begun || typeof state !== 'string' || !equalSecrets(state, begun.state)) {
      // a response that this browser does not expect, such as one that was opened twice
      return seeOther(ctx, CONSOLE_PATH);
    }
    if (error === 'access_denied') return refuse(ctx, 'cancelled');
    if (error === 'unmet_authentication_requirements') return refuse(ctx, 'no_second_factor');
    if (typeof code !== 'string') throw new AppError('BAD_REQUEST');
    const { verifier, returnTo } = begun;
    const signedIn = await deps.redeem({ code, clientId: CONSOLE_CLIENT.id, redirectUri, verifier });
    if (!signedIn) return seeOther(ctx, CONSOLE_PATH);
    if (!isStrong(signedIn.amr)) {
      await consoleSessions.refuseWeak(signedIn.accountId);
      return refuse(ctx, 'no_second_factor');
    }
    const value = await consoleSessions.begin(signedIn);
    if (value === undefined) return refuse(ctx, 'no_operator');
    await endSession(ctx);
    cookie.write(ctx, value);
    seeOther(ctx, returnTo);
  }

  async function endSession(ctx: Context): Promise<void> {
    const value = cookie.read(ctx);
    if (value !== undefined) await consoleSessions.end(value);
  }

  const router = new Router({ strict: true, sensitive: true });
  router.get(CONSOLE_CLIENT.callbackPath, callback);
  router.post(`${CONSOLE_PATH}/sign-out`, async (ctx) => {
    const operator = await of(ctx);
    if (operator) ctx.state.formSubject = operator.account.id;
    await deps.submitted(ctx);
    await endSession(ctx);
    cookie.clear(ctx);
    show(ctx, 'console/refused', { why: 'signed_out' });
  });
  return { of, signIn, routes: router.routes() as unknown as Middleware };
}
