import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { passkeyMethod } from '../../domain/authenticators/passkey/method.ts';
import type { PasskeyAuthenticator } from '../../domain/authenticators/passkey/passkey.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import { readAnswer } from '../../domain/passkeys/answer.ts';
import type { Ceremony } from '../../domain/passkeys/challenges.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { browserOf } from '../kit/browser-of.ts';
import { type Again, takeForm, withWait } from '../kit/form-page.ts';
import { PASSKEY_PATHS, pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { methodAddresses } from './method-addresses.ts';
import type { SignInAtPage } from './submitted-step.ts';

export interface PasskeySignInDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInAtPage>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
  };
  passkeyAuthenticator: PasskeyAuthenticator;
  /** The RP ID. */
  rpId: string;
  guard: Pick<FormGuard, 'token' | 'browser'>;
  /** Also sets a cookie by which the browser is recognised from now on. */
  originOf: (ctx: Context) => Origin;
  loginEnded: (outcome: string) => void;
  submitted: ReadSubmitted;
  show: Show;
}

/** A challenge is valid for one sign-in, in the browser that received it. */
const ceremonyOf = (ctx: Context, { guard }: Pick<PasskeySignInDeps, 'guard'>, uid: string): Ceremony => ({
  browser: browserOf(guard, ctx),
  part: `sign-in ${uid}`,
});

/** `/interaction/:uid/passkey`: signing in with a passkey. It requires the script of the pages. */
export function passkeySignIn(deps: PasskeySignInDeps): Middleware {
  const { interactions, passkeyAuthenticator, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  /** Runs a step where the sign-in accepts passkeys. Otherwise redirects the browser to the step that is due. */
  async function at(ctx: Context, run: (view: SignInAtPage) => Promise<void> | void): Promise<void> {
    const view = await interactions.find(ctx, String(ctx.params.uid));
    if (view.step === 'login' && view.methods.includes(passkeyMethod.name)) await run(view);
    else seeOther(ctx, pathOf(SIGN_IN_PATHS.current, view.uid));
  }

  /** The data with which the browser informs its authenticator about a passkey that is no longer registered. */
  const forgotten = ({ reason, sent }: Again) =>
    reason === 'PASSKEY_UNKNOWN' && sent?.credential
      ? { rpId: deps.rpId, credentialId: readAnswer(sent.credential).id }
      : undefined;

  function showPasskey(ctx: Context, view: SignInAtPage, again?: Again): void {
    const { uid } = view;
    const action = pathOf(PASSKEY_PATHS.use, uid);
    const data = {
      client: view.client,
      csrf: guard.token(ctx),
      passkey: { action, options: pathOf(PASSKEY_PATHS.useOptions, uid) },
      ...methodAddresses(view),
      cancelAction: pathOf(SIGN_IN_PATHS.abort, uid),
      errors: again?.errors ?? [],
      unknown: again && forgotten(again),
    };
    const status = again?.status ?? 200;
    show(ctx, 'sign-in/passkey', data, { status, uiLocales: view.uiLocales, address: action });
  }

  router.get(PASSKEY_PATHS.use, (ctx) => at(ctx, (view) => showPasskey(ctx, view)));

  router.post(PASSKEY_PATHS.useOptions, async (ctx) => {
    await deps.submitted(ctx);
    await at(ctx, async ({ uid }) => {
      ctx.body = await passkeyAuthenticator.begin(ceremonyOf(ctx, deps, uid));
    });
  });

  router.post(PASSKEY_PATHS.use, async (ctx) => {
    const form = await deps.submitted(ctx);
    await at(ctx, (view) =>
      takeForm(ctx, {
        read: async () => form,
        explains: ['PASSKEY_REJECTED', 'PASSKEY_UNKNOWN', 'TOO_MANY_ATTEMPTS'],
        async submit({ credential = '' }) {
          const account = await passkeyAuthenticator.verify({
            ceremony: ceremonyOf(ctx, deps, view.uid),
            credential,
            origin: deps.originOf(ctx),
            clientId: view.clientId,
            requestId: ctx.state.requestId,
          });
          deps.loginEnded('right');
          return interactions.factorCompleted(ctx, view.uid, account.id, passkeyMethod.name);
        },
        showAgain(again) {
          if (again.reason) deps.loginEnded(again.reason === 'TOO_MANY_ATTEMPTS' ? 'limited' : 'wrong');
          showPasskey(ctx, view, withWait(again));
        },
      }),
    );
  });

  return router.routes() as unknown as Middleware;
}
