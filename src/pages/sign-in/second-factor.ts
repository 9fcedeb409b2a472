import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { RememberedDevice } from '../../http/remembered-device.ts';
import { type Again, takeForm, withWait } from '../kit/form-page.ts';
import type { NewAuthenticators } from '../kit/new-authenticator.ts';
import { PASSKEY_PATHS, pathOf, SECOND_FACTOR_PATHS, SIGN_IN_PATHS } from '../kit/paths.ts';
import { explainWrongCode } from '../kit/second-factor-code.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { SignInAtPage } from './submitted-step.ts';

export interface SecondFactorPagesDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInAtPage>;
    secondFactorFor(ctx: Context, uid: string): Promise<number | undefined>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
  };
  secondFactors: Pick<SecondFactors, 'isEnrolled' | 'verify' | 'confirm'>;
  /** Whether an account has a passkey that this deployment accepts. */
  hasPasskey: (accountId: number) => Promise<boolean>;
  newAuthenticators: NewAuthenticators;
  remembered: Pick<RememberedDevice, 'remember'>;
  rememberDays: number;
  originOf: (ctx: Context) => Origin;
  guard: Pick<FormGuard, 'token'>;
  submitted: ReadSubmitted;
  show: Show;
}

/** What the account can complete the sign-in with. */
interface Means {
  asksCode: boolean;
  asksPasskey: boolean;
}

/**
 * `/interaction/:uid/second-factor`: the second step of a sign-in, and its set-up where the deployment requires one.
 * Both act for the account whose first factor this very interaction has, and for no other.
 */
export function secondFactorPages(deps: SecondFactorPagesDeps): Middleware {
  const { interactions, secondFactors, newAuthenticators, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  /** Runs a page when it is its turn; otherwise the browser goes to the step that is due. */
  async function at(
    ctx: Context,
    { enrolled }: { enrolled: boolean },
    run: (view: SignInAtPage, accountId: number, means: Means) => Promise<void>,
  ): Promise<void> {
    const uid = String(ctx.params.uid);
    const view = await interactions.find(ctx, uid);
    const accountId = await interactions.secondFactorFor(ctx, uid);
    if (accountId === undefined) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));
    const asksCode = await secondFactors.isEnrolled(accountId);
    const asksPasskey = await deps.hasPasskey(accountId);
    if ((asksCode || asksPasskey) !== enrolled)
      return seeOther(ctx, pathOf(enrolled ? SECOND_FACTOR_PATHS.enrol : SECOND_FACTOR_PATHS.code, uid));
    await run(view, accountId, { asksCode, asksPasskey });
  }

  const frameOf = (ctx: Context, view: SignInAtPage, path: string, errors: Again['errors'] = []) => ({
    client: view.client,
    action: pathOf(path, view.uid),
    cancelAction: pathOf(SIGN_IN_PATHS.abort, view.uid),
    csrf: guard.token(ctx),
    errors,
  });

  const showCode = (
    ctx: Context,
    view: SignInAtPage,
    { asksCode, asksPasskey }: Means,
    again?: Again,
  ): void => {
    const data = {
      ...frameOf(ctx, view, SECOND_FACTOR_PATHS.code, again?.errors),
      rememberDays: deps.rememberDays,
      asksCode,
      passkey: asksPasskey
        ? { action: pathOf(PASSKEY_PATHS.use, view.uid), options: pathOf(PASSKEY_PATHS.useOptions, view.uid) }
        : undefined,
      lostAddress: pathOf(SECOND_FACTOR_PATHS.lost, view.uid),
    };
    const { uiLocales } = view;
    show(ctx, 'sign-in/second-factor', data, {
      status: again?.status ?? 200,
      uiLocales,
      address: data.action,
    });
  };

  router.get(SECOND_FACTOR_PATHS.code, (ctx) =>
    at(ctx, { enrolled: true }, async (view, _, means) => showCode(ctx, view, means)),
  );

  router.post(SECOND_FACTOR_PATHS.code, (ctx) =>
    at(ctx, { enrolled: true }, (view, accountId, means) =>
      takeForm(ctx, {
        read: deps.submitted,
        async submit({ code = '', remember }) {
          const attempt = { origin: deps.originOf(ctx), clientId: view.clientId };
          const method = await explainWrongCode(secondFactors.verify(accountId, code, attempt));
          if (remember === 'yes') await deps.remembered.remember(ctx, accountId);
          return interactions.factorCompleted(ctx, view.uid, accountId, method);
        },
        showAgain: (again) => showCode(ctx, view, means, withWait(again)),
      }),
    ),
  );

  async function showEnrol(
    ctx: Context,
    view: SignInAtPage,
    accountId: number,
    again?: Again,
  ): Promise<void> {
    const data = {
      ...frameOf(ctx, view, SECOND_FACTOR_PATHS.enrol, again?.errors),
      ...(await newAuthenticators.of(ctx, accountId)),
    };
    const { uiLocales } = view;
    show(ctx, 'sign-in/second-factor-new', data, {
      status: again?.status ?? 200,
      uiLocales,
      address: data.action,
    });
  }

  router.get(SECOND_FACTOR_PATHS.enrol, (ctx) =>
    at(ctx, { enrolled: false }, (view, accountId) => showEnrol(ctx, view, accountId)),
  );

  router.post(SECOND_FACTOR_PATHS.enrol, (ctx) =>
    at(ctx, { enrolled: false }, (view, accountId) =>
      takeForm(ctx, {
        read: deps.submitted,
        async submit({ code = '' }) {
          const { recoveryCodes: codes } = await explainWrongCode(
            secondFactors.confirm(accountId, code, deps.originOf(ctx)),
          );
          const next = await interactions.factorCompleted(ctx, view.uid, accountId, 'totp');
          show(ctx, 'sign-in/recovery-codes', { codes, next }, { uiLocales: view.uiLocales });
          return undefined;
        },
        showAgain: (again) => showEnrol(ctx, view, accountId, withWait(again)),
      }),
    ),
  );

  return router.routes() as unknown as Middleware;
}
