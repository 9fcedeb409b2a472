import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import { isPartnerId } from '../../domain/partners/partners.ts';
import { methodOf } from '../../domain/sign-in/methods.ts';
import { AppError } from '../../errors/app-error.ts';
import { knownPerson } from '../kit/known-person.ts';
import { PASSKEY_PATHS, pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import { seeOther } from '../kit/submitted.ts';
import { addPasswordLogin, type PasswordLoginDeps } from './password-login.ts';
import { type SignInAtPage, submittedStep } from './submitted-step.ts';

export interface InteractionPagesDeps extends PasswordLoginDeps {
  interactions: PasswordLoginDeps['interactions'] & {
    secondFactorDue(ctx: Context, uid: string): Promise<{ page: string } | undefined>;
    accountChosen(ctx: Context, uid: string): Promise<string>;
    otherAccount(ctx: Context, uid: string): Promise<string>;
    consented(ctx: Context, uid: string): Promise<string>;
    cancelled(ctx: Context, uid: string): Promise<string>;
  };
  accounts: { find(id: number): Promise<Account | undefined> };
  hasConsent: (accountId: number, clientId: string) => Promise<boolean>;
}

/** The page of the method that is offered first. */
const firstPageOf = ({ methods: [first] }: SignInAtPage): string | undefined => first && methodOf(first).page;

/**
 * `/interaction/:uid`: sign-in and consent, the steps of an authorization request that a person takes. Every POST
 * ends with a 303.
 */
export function interactionPages(deps: InteractionPagesDeps): Middleware {
  const { interactions, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  const submitted = submittedStep(deps);
  const login = addPasswordLogin(router, deps);

  async function signedInTo({ accountId }: SignInAtPage): Promise<Account> {
    const account = accountId === undefined ? undefined : await deps.accounts.find(accountId);
    if (!account) throw new AppError('INTERACTION_EXPIRED');
    return account;
  }

  async function showAccount(ctx: Context, view: SignInAtPage): Promise<void> {
    const address = pathOf(SIGN_IN_PATHS.current, view.uid);
    const data = {
      client: view.client,
      account: knownPerson(await signedInTo(view)),
      action: pathOf(SIGN_IN_PATHS.account, view.uid),
      otherAction: pathOf(SIGN_IN_PATHS.otherAccount, view.uid),
      cancelAction: pathOf(SIGN_IN_PATHS.abort, view.uid),
      csrf: guard.token(ctx),
    };
    show(ctx, 'sign-in/select-account', data, { uiLocales: view.uiLocales, address });
  }

  async function showConsent(ctx: Context, view: SignInAtPage): Promise<void> {
    const address = pathOf(SIGN_IN_PATHS.current, view.uid);
    const account = await signedInTo(view);
    const data = {
      client: view.client,
      account: knownPerson(account),
      otherAction: pathOf(SIGN_IN_PATHS.otherAccount, view.uid),
      details: view.details,
      scopes: view.missing.scopes,
      // its token gives access to more data of the partner's API than any scope describes
      toPartner: isPartnerId(view.clientId),
      claims: view.missing.claims,
      resources: Object.entries(view.missing.resources).map(([identifier, scopes]) => ({
        identifier,
        scopes,
      })),
      // `openid` is part of the first consent: if it is in the list, consent to everything is requested again
      isNew: view.missing.scopes.includes('openid') || !(await deps.hasConsent(account.id, view.clientId)),
      action: pathOf(SIGN_IN_PATHS.consent, view.uid),
      cancelAction: pathOf(SIGN_IN_PATHS.abort, view.uid),
      csrf: guard.token(ctx),
    };
    show(ctx, 'sign-in/consent', data, { uiLocales: view.uiLocales, address });
  }

  router.get(SIGN_IN_PATHS.current, async (ctx) => {
    const view = await interactions.find(ctx, String(ctx.params.uid));
    const due = view.step === 'login' ? await interactions.secondFactorDue(ctx, view.uid) : undefined;
    if (view.step === 'passkey') seeOther(ctx, pathOf(PASSKEY_PATHS.create, view.uid));
    else if (view.step === 'terms') seeOther(ctx, pathOf(SIGN_IN_PATHS.terms, view.uid));
    else if (view.step === 'contacts') seeOther(ctx, pathOf(SIGN_IN_PATHS.contacts, view.uid));
    else if (view.step === 'account') await showAccount(ctx, view);
    else if (view.step === 'consent') await showConsent(ctx, view);
    // the first factor is complete, or the session is too weak: only the missing factor is requested
    else if (due) seeOther(ctx, `${pathOf(SIGN_IN_PATHS.current, view.uid)}/${due.page}`);
    else if (firstPageOf(view) !== passwordMethod.page)
      seeOther(ctx, `${pathOf(SIGN_IN_PATHS.current, view.uid)}/${firstPageOf(view)}`);
    else login.show(ctx, view);
  });

  router.post(SIGN_IN_PATHS.account, async (ctx) => {
    const { view, inTurn } = await submitted(ctx, 'account');
    seeOther(
      ctx,
      inTurn ? await interactions.accountChosen(ctx, view.uid) : pathOf(SIGN_IN_PATHS.current, view.uid),
    );
  });

  router.post(SIGN_IN_PATHS.otherAccount, async (ctx) => {
    const { view } = await submitted(ctx, 'any');
    seeOther(ctx, await interactions.otherAccount(ctx, view.uid));
  });

  router.post(SIGN_IN_PATHS.consent, async (ctx) => {
    const { view, inTurn } = await submitted(ctx, 'consent');
    seeOther(
      ctx,
      inTurn ? await interactions.consented(ctx, view.uid) : pathOf(SIGN_IN_PATHS.current, view.uid),
    );
  });

  router.post(SIGN_IN_PATHS.abort, async (ctx) => {
    const { view } = await submitted(ctx, 'any');
    seeOther(ctx, await interactions.cancelled(ctx, view.uid));
  });

  return router.routes() as unknown as Middleware;
}
