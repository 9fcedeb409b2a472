import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import type { PasswordAttempt } from '../../domain/authenticators/password/password.ts';
import { smsCodeMethod } from '../../domain/authenticators/sms-code/method.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import { isPartnerId } from '../../domain/partners/partners.ts';
import { type MethodName, methodOf } from '../../domain/sign-in/methods.ts';
import { AppError } from '../../errors/app-error.ts';
import type { DeviceCookie } from '../../http/device-cookie.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { SignInInProgress } from '../steps/flow-context.ts';
import { knownPerson } from '../steps/known-person.ts';

/** A sign-in in progress with all that its own pages show. */
interface SignInAtPage extends SignInInProgress {
  accountId: number | undefined;
  missing: { scopes: string[]; claims: string[]; resources: Record<string, string[]> };
}

export interface InteractionPagesDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInAtPage>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
    accountChosen(ctx: Context, uid: string): Promise<string>;
    otherAccount(ctx: Context, uid: string): Promise<string>;
    consented(ctx: Context, uid: string): Promise<string>;
    cancelled(ctx: Context, uid: string): Promise<string>;
  };
  channels: Channels;
  passwordAuthenticator: { verify(attempt: PasswordAttempt): Promise<Account> };
  accounts: { find(id: number): Promise<Account | undefined> };
  hasConsent: (accountId: number, clientId: string) => Promise<boolean>;
  guard: FormGuard;
  device: DeviceCookie;
  addressOf: (ctx: Context) => string;
  loginEnded: (outcome: string) => void;
  submitted: ReadSubmitted;
  show: Show;
}

/** Codes that the login page explains; everything else is for the error page. */
const EXPLAINED = new Set(['INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS']);

const addressOfStep = (uid: string): string => `/interaction/${uid}`;
const otherAction = (uid: string): string => `${addressOfStep(uid)}/other-account`;

/** What the client says of who should sign in, or who it is that must re-authenticate. */
const identifierOf = ({ loginHint, known }: SignInAtPage): string => loginHint || (known?.identifier ?? '');

/** Whether a password is one of the methods of this step. */
const asksForPassword = ({ step, methods }: SignInAtPage): boolean =>
  step === 'login' && methods.includes(passwordMethod.name);

/** The page of the method that is offered first. */
const firstPageOf = ({ methods: [first] }: SignInAtPage): string | undefined => first && methodOf(first).page;

/** Sign in and consent: the steps of an authorization request that a person takes. Every POST ends in a 303. */
export function interactionPages(deps: InteractionPagesDeps): Middleware {
  const { interactions, channels, guard, device, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  const uidOf = (ctx: { params: Record<string, string> }): string => ctx.params.uid ?? '';

  function showLogin(
    ctx: Context,
    view: SignInAtPage,
    identifier: string,
    errors: FormError[],
    status: number,
  ): void {
    const address = addressOfStep(view.uid);
    const data = {
      client: view.client,
      action: `${address}/login`,
      cancelAction: `${address}/abort`,
      codeAddress: view.methods.includes(smsCodeMethod.name) ? `${address}/${smsCodeMethod.page}` : undefined,
      registerAddress: channels.has('sms') ? `${address}/register` : undefined,
      forgotAddress: channels.has('sms') || channels.has('mail') ? `${address}/forgot-password` : undefined,
      csrf: guard.token(ctx),
      identifier,
      errors,
      account: view.reauthenticate ? view.known : undefined,
      hint: view.reauthenticate ? ('reauthenticate' as const) : undefined,
      otherAction: view.reauthenticate ? otherAction(view.uid) : undefined,
    };
    show(ctx, 'sign-in/login', data, { status, uiLocales: view.uiLocales, address: data.action });
  }

  async function signedInTo({ accountId }: SignInAtPage): Promise<Account> {
    const account = accountId === undefined ? undefined : await deps.accounts.find(accountId);
    if (!account) throw new AppError('INTERACTION_EXPIRED');
    return account;
  }

  async function showAccount(ctx: Context, view: SignInAtPage): Promise<void> {
    const address = addressOfStep(view.uid);
    const data = {
      client: view.client,
      account: knownPerson(await signedInTo(view)),
      action: `${address}/account`,
      otherAction: otherAction(view.uid),
      cancelAction: `${address}/abort`,
      csrf: guard.token(ctx),
    };
    show(ctx, 'sign-in/select-account', data, { uiLocales: view.uiLocales, address });
  }

  async function showConsent(ctx: Context, view: SignInAtPage): Promise<void> {
    const address = addressOfStep(view.uid);
    const account = await signedInTo(view);
    const data = {
      client: view.client,
      account: knownPerson(account),
      otherAction: otherAction(view.uid),
      scopes: view.missing.scopes,
      // with its token it reads more through its API than any scope says
      toPartner: isPartnerId(view.clientId),
      claims: view.missing.claims,
      resources: Object.entries(view.missing.resources).map(([identifier, scopes]) => ({
        identifier,
        scopes,
      })),
      // `openid` is allowed from the first time on: with it in the list, everything is asked again
      isNew: view.missing.scopes.includes('openid') || !(await deps.hasConsent(account.id, view.clientId)),
      action: `${address}/consent`,
      cancelAction: `${address}/abort`,
      csrf: guard.token(ctx),
    };
    show(ctx, 'sign-in/consent', data, { uiLocales: view.uiLocales, address });
  }

  /** The form of a step, once it is sure that our page sent it and that this is the step to take now. */
  async function submitted(ctx: Context, uid: string, step: SignInAtPage['step'] | 'any') {
    const form = await deps.submitted(ctx);
    const view = await interactions.find(ctx, uid);
    return { form, view, inTurn: step === 'any' || view.step === step };
  }

  function complaints(form: Record<string, string>): FormError[] {
    return [
      ...(form.login?.trim() ? [] : [{ field: 'login' as const, code: 'LOGIN_MISSING' as const }]),
      ...(form.password ? [] : [{ field: 'password' as const, code: 'PASSWORD_MISSING' as const }]),
    ];
  }

  router.get('/interaction/:uid', async (ctx) => {
    const view = await interactions.find(ctx, uidOf(ctx));
    if (view.step === 'contacts') seeOther(ctx, `${addressOfStep(view.uid)}/contacts`);
    else if (view.step === 'account') await showAccount(ctx, view);
    else if (view.step === 'consent') await showConsent(ctx, view);
    else if (firstPageOf(view) !== passwordMethod.page)
      seeOther(ctx, `${addressOfStep(view.uid)}/${firstPageOf(view)}`);
    else showLogin(ctx, view, identifierOf(view), [], 200);
  });

  /** The password where the client likes a code better, or in another language. */
  router.get('/interaction/:uid/login', async (ctx) => {
    const view = await interactions.find(ctx, uidOf(ctx));
    if (!asksForPassword(view)) return seeOther(ctx, addressOfStep(view.uid));
    showLogin(ctx, view, identifierOf(view), [], 200);
  });

  router.post('/interaction/:uid/login', async (ctx) => {
    const { form, view, inTurn } = await submitted(ctx, uidOf(ctx), 'login');
    if (!inTurn || !asksForPassword(view)) return seeOther(ctx, addressOfStep(view.uid));
    const { login: identifier = '', password = '' } = form;
    const missing = complaints(form);
    if (missing.length > 0) return showLogin(ctx, view, identifier, missing, 400);
    try {
      const account = await deps.passwordAuthenticator.verify({
        identifier,
        password,
        origin: { address: deps.addressOf(ctx), device: device.ensure(ctx) },
        clientId: view.clientId,
        requestId: ctx.state.requestId,
      });
      deps.loginEnded('right');
      seeOther(ctx, await interactions.factorCompleted(ctx, view.uid, account.id, passwordMethod.name));
    } catch (error) {
      if (!(error instanceof AppError && EXPLAINED.has(error.code))) throw error;
      deps.loginEnded(error.code === 'TOO_MANY_ATTEMPTS' ? 'limited' : 'wrong');
      if (error.retryAfter !== undefined) ctx.set('Retry-After', String(error.retryAfter));
      showLogin(ctx, view, identifier, [{ code: error.code, retryAfter: error.retryAfter }], error.status);
    }
  });

  router.post('/interaction/:uid/account', async (ctx) => {
    const { view, inTurn } = await submitted(ctx, uidOf(ctx), 'account');
    seeOther(ctx, inTurn ? await interactions.accountChosen(ctx, view.uid) : addressOfStep(view.uid));
  });

  router.post('/interaction/:uid/other-account', async (ctx) => {
    const { view } = await submitted(ctx, uidOf(ctx), 'any');
    seeOther(ctx, await interactions.otherAccount(ctx, view.uid));
  });

  router.post('/interaction/:uid/consent', async (ctx) => {
    const { view, inTurn } = await submitted(ctx, uidOf(ctx), 'consent');
    seeOther(ctx, inTurn ? await interactions.consented(ctx, view.uid) : addressOfStep(view.uid));
  });

  router.post('/interaction/:uid/abort', async (ctx) => {
    const { view } = await submitted(ctx, uidOf(ctx), 'any');
    seeOther(ctx, await interactions.cancelled(ctx, view.uid));
  });

  return router.routes() as unknown as Middleware;
}
