import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { passkeyMethod } from '../../domain/authenticators/passkey/method.ts';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import { upstreamMethod } from '../../domain/authenticators/upstream/method.ts';
import type { UpstreamAuthenticator } from '../../domain/authenticators/upstream/upstream.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { UpstreamRegistration } from '../../domain/registration/upstream-registration.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { UpstreamIdentity } from '../../domain/upstream/connector.ts';
import type { UpstreamProvider, UpstreamProviders } from '../../domain/upstream/providers.ts';
import type { ProvedPerson, Transactions } from '../../domain/upstream/transactions.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { noteError } from '../../http/refusal.ts';
import { browserOf } from '../kit/browser-of.ts';
import {
  PASSKEY_PATHS,
  pathOf,
  SIGN_IN_PATHS,
  UPSTREAM_PATHS,
  UPSTREAM_REGISTER_PATHS,
} from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { shownProvider } from '../kit/shown-provider.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { methodAddresses } from '../sign-in/method-addresses.ts';
import type { SignInInProgress } from '../steps/flow-context.ts';
import { personName } from './offer.ts';

export interface UpstreamSignInDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInInProgress>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
    secondFactorDue(ctx: Context, uid: string): Promise<object | undefined>;
  };
  authenticator: UpstreamAuthenticator;
  providers: UpstreamProviders;
  transactions: Transactions;
  registration: Pick<UpstreamRegistration, 'ownerOfEmail'>;
  /** Whether a registration requires a mobile. */
  needsMobile: boolean;
  guard: Pick<FormGuard, 'token' | 'browser'>;
  /** Also sets a cookie by which the browser is recognised from now on. */
  originOf: (ctx: Context) => Origin;
  loginEnded: (outcome: string) => void;
  submitted: ReadSubmitted;
  show: Show;
}

type View = SignInInProgress;

/**
 * The page explains the failure, so the response is not a server error. The unit of work of a sign-in is discarded
 * for a 5xx response.
 */
const statusOf = ({ status }: AppError): number => (status < 500 ? status : 400);

const EXPLAINED: ReadonlySet<string> = new Set([
  'UPSTREAM_DENIED',
  'UPSTREAM_INVALID',
  'UPSTREAM_UNAVAILABLE',
  'TOO_MANY_ATTEMPTS',
]);

/** The address that restarts the client's request with the same provider. */
function restartOf({ originalUrl }: View, provider: string): string | undefined {
  if (originalUrl === undefined) return undefined;
  const [path, query] = originalUrl.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('identity_provider', provider);
  return `${path}?${parameters}`;
}

/** `/interaction/:uid/upstream`: signs a person in with another provider, and links that person to an account. */
export function upstreamSignIn(deps: UpstreamSignInDeps): Middleware {
  const { interactions, authenticator, providers, transactions, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });
  const goOn = (ctx: Context, uid: string): void => seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));

  /** Another provider is not accepted as a second factor. */
  const isFirstStep = async (ctx: Context, { uid }: View): Promise<boolean> =>
    (await interactions.secondFactorDue(ctx, uid)) === undefined;

  /** Runs a step where the sign-in accepts other providers. Otherwise redirects the browser to the step that is due. */
  async function at(ctx: Context, run: (view: View) => Promise<void> | void): Promise<void> {
    const view = await interactions.find(ctx, String(ctx.params.uid));
    const isAccepted = view.step === 'login' && view.methods.includes(upstreamMethod.name);
    if (isAccepted && (await isFirstStep(ctx, view))) await run(view);
    else goOn(ctx, view.uid);
  }

  function showChoice(
    ctx: Context,
    view: View,
    failure?: { error: AppError; provider: UpstreamProvider },
  ): void {
    const { uid, methods, upstream } = view;
    const data = {
      client: view.client,
      action: pathOf(UPSTREAM_PATHS.choose, uid),
      providers: upstream?.providers ?? [],
      linking: upstream?.linking,
      csrf: guard.token(ctx),
      cancelAction: pathOf(SIGN_IN_PATHS.abort, uid),
      ...methodAddresses(view),
      passkeyAddress: methods.includes(passkeyMethod.name) ? pathOf(PASSKEY_PATHS.use, uid) : undefined,
      failed: failure && { code: failure.error.code, provider: shownProvider(failure.provider) },
    };
    const status = failure ? statusOf(failure.error) : 200;
    const { retryAfter } = failure?.error ?? {};
    if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
    show(ctx, 'sign-in/upstream', data, { status, uiLocales: view.uiLocales, address: data.action });
  }

  /** Shows why signing in with a provider failed, and the other ways to sign in. */
  async function explaining(
    ctx: Context,
    view: View,
    provider: UpstreamProvider,
    work: () => Promise<string>,
  ): Promise<void> {
    try {
      seeOther(ctx, await work());
    } catch (error) {
      if (!(error instanceof AppError) || !EXPLAINED.has(error.code)) throw error;
      noteError(ctx, error);
      showChoice(ctx, view, { error, provider });
    }
  }

  const leave = (ctx: Context, view: View, provider: UpstreamProvider): Promise<void> =>
    explaining(ctx, view, provider, async () => {
      guard.token(ctx);
      const expected = await transactions.begin({
        provider: provider.id,
        browser: browserOf(guard, ctx),
        part: { interaction: view.uid },
        originalUrl: restartOf(view, provider.id),
      });
      return provider.party.authorizationUrl(expected, { again: view.reauthenticate });
    });

  /** The next page for a person who is authenticated at a provider but has no linked account here. */
  async function nextOf(uid: string, identity: UpstreamIdentity): Promise<string> {
    const isTaken = (await deps.registration.ownerOfEmail(identity)) !== undefined;
    if (isTaken) return pathOf(UPSTREAM_PATHS.link, uid);
    const { mobile, details } = UPSTREAM_REGISTER_PATHS;
    return pathOf(deps.needsMobile ? mobile : details, uid);
  }

  /** Redirects a client's request that names a provider to that provider, once. */
  router.get(SIGN_IN_PATHS.current, async (ctx, next) => {
    if (providers.list.length === 0) return next();
    const view = await interactions.find(ctx, String(ctx.params.uid));
    const provider = providers.find(view.identityProvider);
    const isDirect =
      provider !== undefined &&
      view.step === 'login' &&
      view.methods.includes(upstreamMethod.name) &&
      !(await transactions.hasBegun(view.uid, provider.id)) &&
      (await isFirstStep(ctx, view));
    return isDirect ? leave(ctx, view, provider) : next();
  });

  router.get(UPSTREAM_PATHS.choose, (ctx) => at(ctx, (view) => showChoice(ctx, view)));

  router.post(UPSTREAM_PATHS.choose, async (ctx) => {
    const { identity_provider: id } = await deps.submitted(ctx);
    await at(ctx, (view) => {
      const provider = providers.find(id);
      return provider ? leave(ctx, view, provider) : goOn(ctx, view.uid);
    });
  });

  router.get(UPSTREAM_PATHS.back, (ctx) =>
    at(ctx, async (view) => {
      const { uid, clientId } = view;
      const browser = guard.browser(ctx);
      const taken =
        browser === undefined
          ? undefined
          : await transactions.take(String(ctx.query.state), { browser, part: { interaction: uid } });
      const provider = providers.find(taken?.provider);
      if (!taken || !provider) {
        // the page was reloaded: its result has already been stored
        const person = await transactions.proved(uid, browser);
        return person ? seeOther(ctx, await nextOf(uid, person.identity)) : goOn(ctx, uid);
      }
      const where = { provider, origin: deps.originOf(ctx), clientId, requestId: ctx.state.requestId };
      await explaining(ctx, view, provider, async () => {
        const prove = () => provider.party.redeem(taken.response, taken.expected);
        try {
          const identity = await authenticator.proved(prove, where);
          const account = await authenticator.holder(identity, where);
          if (!account) {
            await transactions.prove(taken.id, identity, provider);
            return await nextOf(uid, identity);
          }
          deps.loginEnded('right');
          return await interactions.factorCompleted(ctx, uid, account.id, upstreamMethod.name);
        } catch (error) {
          if (error instanceof AppError && EXPLAINED.has(error.code)) deps.loginEnded('wrong');
          throw error;
        }
      });
    }),
  );

  /** Runs a step for a person whom a provider has authenticated and who has no account with that link. */
  const withPerson = (
    ctx: Context,
    run: (view: View, person: ProvedPerson, provider: UpstreamProvider) => Promise<void> | void,
  ): Promise<void> =>
    at(ctx, async (view) => {
      const person = await transactions.proved(view.uid, guard.browser(ctx));
      const provider = providers.find(person?.provider);
      if (person && provider) await run(view, person, provider);
      else goOn(ctx, view.uid);
    });

  router.get(UPSTREAM_PATHS.link, (ctx) =>
    withPerson(ctx, async (view, { identity }, provider) => {
      const { uid } = view;
      const action = pathOf(UPSTREAM_PATHS.link, uid);
      const isTaken = (await deps.registration.ownerOfEmail(identity)) !== undefined;
      const data = {
        ...{ client: view.client, action, csrf: guard.token(ctx), provider: shownProvider(provider) },
        cancelAction: pathOf(SIGN_IN_PATHS.abort, uid),
        person: personName(identity),
        taken: isTaken ? identity.email : undefined,
        registerAddress: isTaken ? undefined : await nextOf(uid, identity),
      };
      show(ctx, 'sign-in/upstream-link', data, { uiLocales: view.uiLocales, address: action });
    }),
  );

  router.post(UPSTREAM_PATHS.link, async (ctx) => {
    await deps.submitted(ctx);
    await withPerson(ctx, async ({ uid, methods }, { id }) => {
      await transactions.wantLink(id);
      const [first] = methods;
      const isPassword = first === passwordMethod.name || first === upstreamMethod.name;
      if (isPassword && methods.includes(passwordMethod.name))
        seeOther(ctx, pathOf(SIGN_IN_PATHS.login, uid));
      else goOn(ctx, uid);
    });
  });

  router.post(UPSTREAM_PATHS.forget, async (ctx) => {
    await deps.submitted(ctx);
    await withPerson(ctx, async ({ uid }, { id }) => {
      await transactions.forget(id);
      goOn(ctx, uid);
    });
  });

  return router.routes() as unknown as Middleware;
}
