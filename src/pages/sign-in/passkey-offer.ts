import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { Passkeys } from '../../domain/passkeys/passkeys.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { AccountContexts } from '../account/account-context.ts';
import { browserOf } from '../kit/browser-of.ts';
import { type Again, takeForm } from '../kit/form-page.ts';
import { PASSKEY_PATHS, pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { SignInAtPage } from './submitted-step.ts';

export interface PasskeyOfferDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInAtPage>;
    passkeyAnswered(ctx: Context, uid: string): Promise<string>;
  };
  accountContexts: Pick<AccountContexts, 'of'>;
  passkeys: Pick<Passkeys, 'begin' | 'add' | 'offered'>;
  guard: Pick<FormGuard, 'token' | 'browser'>;
  submitted: ReadSubmitted;
  show: Show;
}

/** `/interaction/:uid/passkey/new`: the step after a sign-in that offers a passkey, once. */
export function passkeyOfferPages(deps: PasskeyOfferDeps): Middleware {
  const { interactions, passkeys, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  /** Runs the step for the account that has just signed in. An offer that was left open for longer has expired. */
  async function at(
    ctx: Context,
    run: (view: SignInAtPage, account: Account) => Promise<void> | void,
  ): Promise<void> {
    const uid = String(ctx.params.uid);
    const view = await interactions.find(ctx, uid);
    if (view.step !== 'passkey') return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));
    const current = await deps.accountContexts.of(ctx);
    if (!current?.isRecentlyAuthenticated || current.account.id !== view.accountId)
      return seeOther(ctx, await interactions.passkeyAnswered(ctx, uid));
    await run(view, current.account);
  }

  function showOffer(ctx: Context, { uid, client, uiLocales }: SignInAtPage, again?: Again): void {
    const action = pathOf(PASSKEY_PATHS.create, uid);
    const data = {
      client,
      csrf: guard.token(ctx),
      passkey: { action, options: pathOf(PASSKEY_PATHS.createOptions, uid) },
      laterAction: pathOf(PASSKEY_PATHS.later, uid),
      errors: again?.errors ?? [],
    };
    show(ctx, 'sign-in/passkey-offer', data, { status: again?.status ?? 200, uiLocales, address: action });
  }

  router.get(PASSKEY_PATHS.create, (ctx) =>
    at(ctx, async (view, { id }) => {
      await passkeys.offered(id);
      showOffer(ctx, view);
    }),
  );

  router.post(PASSKEY_PATHS.createOptions, async (ctx) => {
    await deps.submitted(ctx);
    await at(ctx, async (_, account) => {
      ctx.body = await passkeys.begin(account, browserOf(guard, ctx));
    });
  });

  router.post(PASSKEY_PATHS.create, async (ctx) => {
    const form = await deps.submitted(ctx);
    await at(ctx, (view, { id }) =>
      takeForm(ctx, {
        read: async () => form,
        explains: ['PASSKEY_REJECTED', 'PASSKEY_TAKEN'],
        async submit({ credential = '' }) {
          await passkeys.add(id, { credential, browser: browserOf(guard, ctx) });
          return interactions.passkeyAnswered(ctx, view.uid);
        },
        showAgain: (again) => showOffer(ctx, view, again),
      }),
    );
  });

  router.post(PASSKEY_PATHS.later, async (ctx) => {
    await deps.submitted(ctx);
    await at(ctx, async ({ uid }) => seeOther(ctx, await interactions.passkeyAnswered(ctx, uid)));
  });

  return router.routes() as unknown as Middleware;
}
