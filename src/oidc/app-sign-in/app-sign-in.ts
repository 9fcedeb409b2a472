import type { Context } from 'koa';
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { completeFactor, type SignInState } from '../../domain/sign-in/sign-in-state.ts';
import { chooseLocale } from '../../domain/values/locale.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Beginnings } from '../edge/beginnings.ts';
import { asProtocol } from '../edge/errors.ts';
import { AUTHORIZATION_CHALLENGE } from '../edge/routes.ts';
import { currentUnit } from '../edge/unit.ts';
import { isFapi } from '../fapi/profile.ts';
import { addChallengeRoute, takeUpRequest } from '../library/challenge-route.ts';
import { askFor, type Extras, invalidSession, type Next, wrongness } from './answers.ts';
import { type AuthSession, authSessions } from './auth-session.ts';
import { issueCode } from './issue-code.ts';
import { type NextMethodsDeps, nextMethods } from './next-methods.ts';
import { otpChannels } from './otp-channels.ts';
import {
  completeRequest,
  forgetNamedKey,
  keptParameters,
  PARAMETERS,
  refuseSubject,
  restoreParameters,
  type SentStep,
  sentStep,
  sentText,
} from './parameters.ts';
import { type StepsDeps, steps, type Taken } from './steps.ts';

export interface AppSignInDeps
  extends Omit<NextMethodsDeps, 'secondFactors'>,
    Omit<StepsDeps, 'secondFactors' | 'channels'> {
  secondFactors: Pick<SecondFactors, 'offer' | 'send' | 'verify' | 'verifySent'>;
  codes: Parameters<typeof otpChannels>[0]['codes'];
  smsCode: Parameters<typeof otpChannels>[0]['smsCode'];
  emailCode: Parameters<typeof otpChannels>[0]['emailCode'];
  /** The ISO 3166-1 codes of the countries whose mobile numbers are accepted. */
  countries: readonly string[];
  /** The clients of Pratu's own pages. */
  pageClients: ReadonlySet<string>;
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
  originOf: (ctx: Context) => Origin;
  beginnings: Pick<Beginnings, 'refund'>;
  loginEnded: (outcome: string) => void;
}

/** The state between the requests of a sign-in, and its `auth_session` value, which the first request lacks. */
interface Underway {
  session: AuthSession;
  value: string | undefined;
  /** True when the request has another `login_hint` than the session. */
  hasNewHint?: boolean;
}

/**
 * Throws `UnauthorizedClient` for all but first-party clients: a client that signs people in without a browser has
 * access to their passwords.
 */
function admit({ oidc: { client } }: KoaContextWithOIDC, pageClients: ReadonlySet<string>): void {
  const isOurs = client?.first_party === true && !pageClients.has(client.clientId);
  // the requests of such a client must be signed or pushed, and those of this endpoint are neither
  const isSigning = client?.requireSignedRequestObject === true || isFapi(client);
  if (!isOurs || isSigning || !client.grantTypeAllowed('authorization_code'))
    throw new errors.UnauthorizedClient('this client may not sign people in without a browser');
}

/**
 * Adds `POST /oauth/authorize-challenge`, the sign-in inside an app (OAuth 2.0 for First-Party Applications,
 * draft-ietf-oauth-first-party-apps), with the same steps as the pages.
 */
export function addAppSignIn(provider: Provider, deps: AppSignInDeps): void {
  const { clock, beginnings, originOf, loginEnded } = deps;
  const channels = otpChannels(deps);
  const take = steps({ ...deps, channels });
  const next = nextMethods(deps, channels);
  const sessions = authSessions(deps);
  const now = (): number => epochSeconds(clock.now());

  const unitOf = () => {
    const unit = currentUnit();
    if (!unit) throw new Error('signed in outside of a request');
    return unit.work;
  };

  async function underway(ctx: KoaContextWithOIDC): Promise<Underway> {
    const clientId = ctx.oidc.client?.clientId ?? '';
    const value = sentText(ctx, 'auth_session');
    if (value === undefined) {
      refuseSubject(ctx);
      return { value, session: sessions.begin({ clientId, params: keptParameters(ctx) }) };
    }
    const found = await sessions.find(unitOf(), value, clientId);
    const { dpop_jkt: key } = found?.params ?? {};
    // a sign-in that began with a key continues only with proofs of that key
    if (!found || (key !== undefined && sentText(ctx, 'dpop_jkt') !== key)) throw invalidSession();
    const hint = sentText(ctx, 'login_hint');
    const hasNewHint = hint !== undefined && hint !== found.params.login_hint;
    const session = hint === undefined ? found : { ...found, params: { ...found.params, login_hint: hint } };
    restoreParameters(ctx, session.params);
    await takeUpRequest(ctx);
    return { value, session, hasNewHint };
  }

  /** Requests a step, and replaces the value of the sign-in that was sent by a new one. */
  function goOn(
    ctx: KoaContextWithOIDC,
    { session, value, hasNewHint = false }: Underway,
    left: Next,
    extras: Extras & { wrong?: AppError } = {},
  ): void {
    // a wrong value changes nothing, so the same request can be sent again; a new hint is stored
    const isSame = value !== undefined && extras.wrong !== undefined && !hasNewHint;
    if (value !== undefined && !isSame) sessions.useUp(unitOf(), value);
    const authSession = isSame ? value : sessions.keep(unitOf(), session);
    askFor(ctx, { authSession, exp: session.exp, now: now() }, left, extras);
  }

  async function finish(
    ctx: KoaContextWithOIDC,
    state: SignInState,
    value: string | undefined,
  ): Promise<void> {
    ctx.body = { authorization_code: await issueCode(ctx, state) };
    if (value !== undefined && ctx.oidc.client?.clientAuthMethod === 'none')
      await beginnings.refund(ctx as unknown as Context);
  }

  /** Continues after a factor: with the next step, or with the code. */
  async function completed(
    ctx: KoaContextWithOIDC,
    { session, value }: Underway,
    { accountId, generation, method }: NonNullable<Taken['factor']>,
  ): Promise<void> {
    if (generation !== undefined) unitOf().generations.set(accountId, generation);
    const state = completeFactor(session.state, accountId, { method, at: now() });
    // regardless of the outcome, this value is no longer valid
    if (value !== undefined) sessions.useUp(unitOf(), value);
    const left = await next.after(state, session.params);
    if (left === undefined) return finish(ctx, state, value);
    goOn(ctx, { session: { ...session, state, sentTo: undefined }, value: undefined }, left);
  }

  /** Counts in the same way as the pages: the second factor is part of a sign-in that was already counted. */
  const counted = ({ session }: Underway, outcome: string): void => {
    if (!session.state) loginEnded(outcome);
  };

  /** Throws `InvalidRequest` for a step that is not among those that remain. */
  function checkStep({ session }: Underway, left: Next, { name, value }: SentStep): void {
    const channel = name === 'otp_channel' ? value : name === 'otp' ? session.sentTo?.channel : undefined;
    const method = name === 'otp_channel' ? 'otp' : name;
    if (!left.methods.includes(method))
      throw new errors.InvalidRequest(`'${name}' is not among the methods that remain`);
    if (channel !== undefined && !left.otpChannels.includes(channel))
      throw new errors.InvalidRequest('otp_channel is not one of otp_channels');
  }

  async function takeStep(ctx: KoaContextWithOIDC, at: Underway, left: Next, step: SentStep): Promise<void> {
    const { client } = ctx.oidc;
    checkStep(at, left, step);
    try {
      const taken = await take(step, {
        session: at.session,
        identifier: sentText(ctx, 'login_hint'),
        origin: originOf(ctx as unknown as Context),
        clientId: client?.clientId ?? '',
        requestId: ctx.state.requestId,
        locale: chooseLocale(
          { uiLocales: sentText(ctx, 'ui_locales'), acceptLanguage: ctx.get('Accept-Language') },
          ctx.state.locales,
        ),
        isAuthenticated: client?.clientAuthMethod !== 'none',
      });
      if (!taken.factor)
        return goOn(
          ctx,
          { ...at, session: { ...at.session, sentTo: taken.sentTo ?? at.session.sentTo } },
          left,
          taken.extras,
        );
      counted(at, 'right');
      await completed(ctx, at, taken.factor);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (wrongness(error) === undefined) {
        if (error.code === 'TOO_MANY_ATTEMPTS' && step.name !== 'otp_channel') counted(at, 'limited');
        throw error;
      }
      counted(at, 'wrong');
      goOn(ctx, at, left, { wrong: error });
    }
  }

  async function handle(ctx: KoaContextWithOIDC): Promise<void> {
    const step = sentStep(ctx);
    const at = await underway(ctx);
    const { state, params } = at.session;
    const left = state ? await next.after(state, params) : next.first(params);
    // the missing requirement has been removed from the account in the meantime
    if (left === undefined) throw invalidSession();
    if (step) await asProtocol(() => takeStep(ctx, at, left, step));
    else goOn(ctx, at, left);
  }

  addChallengeRoute(provider, {
    name: 'authorization_challenge',
    path: AUTHORIZATION_CHALLENGE,
    parameters: PARAMETERS,
    admit: (ctx) => admit(ctx, deps.pageClients),
    begins(ctx) {
      const isBeginning = sentText(ctx, 'auth_session') === undefined;
      if (isBeginning) completeRequest(ctx);
      else forgetNamedKey(ctx);
      return isBeginning;
    },
    handle,
  });
}
