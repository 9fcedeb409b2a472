import type Router from '@koa/router';
import type { Context } from 'koa';
import { passkeyMethod } from '../../domain/authenticators/passkey/method.ts';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import type { PasswordAttempt, PasswordVerified } from '../../domain/authenticators/password/password.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import { unconfirmedContacts } from '../../domain/settings/contact-confirmation.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { DeviceCookie } from '../../http/device-cookie.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { refuseIf, type Sent } from '../kit/form-errors.ts';
import { type Again, takeForm, withWait } from '../kit/form-page.ts';
import {
  PASSKEY_PATHS,
  pathOf,
  SIGN_IN_FORGOT_PASSWORD_PATHS,
  SIGN_IN_PATHS,
  SIGN_IN_REGISTER_PATHS,
} from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import type { FormError, LoginData } from '../page-data/page-data.ts';
import { methodAddresses } from './method-addresses.ts';
import { type SignInAtPage, type SubmittedStepDeps, submittedStep } from './submitted-step.ts';

export interface PasswordLoginDeps extends SubmittedStepDeps {
  interactions: SubmittedStepDeps['interactions'] & {
    factorCompleted(
      ctx: Context,
      uid: string,
      accountId: number,
      method: MethodName,
      known: { hasNoAuthenticator: boolean; hasConfirmedContacts: boolean },
    ): Promise<string>;
  };
  channels: Channels;
  passwordAuthenticator: { verify(attempt: PasswordAttempt): Promise<PasswordVerified> };
  guard: FormGuard;
  device: DeviceCookie;
  addressOf: (ctx: Context) => string;
  loginEnded: (outcome: string) => void;
  show: Show;
}

/** The client's login hint, or the identifier of the person who must re-authenticate. */
const identifierOf = ({ loginHint, known }: SignInAtPage): string => loginHint || (known?.identifier ?? '');

/** Whether the password is one of the methods of this step. */
const asksForPassword = ({ step, methods }: SignInAtPage): boolean =>
  step === 'login' && methods.includes(passwordMethod.name);

/** Adapts an error to the form. If the person is known, only the password can be wrong. */
const inItsWords =
  (isKnown: boolean) =>
  (error: FormError): FormError => {
    if (error.code !== 'INVALID_CREDENTIALS') return error;
    return isKnown ? { field: 'password', code: 'SIGN_IN_PASSWORD_WRONG' } : { code: 'SIGN_IN_WRONG' };
  };

/** The reason for requesting the password, where it is not obvious. */
function hintOf({ isLastStep, reauthenticate }: SignInAtPage): LoginData['hint'] {
  if (isLastStep) return 'last_step';
  return reauthenticate ? 'reauthenticate' : undefined;
}

function complaints(form: Sent): FormError[] {
  return [
    ...(form.login?.trim() ? [] : [{ field: 'login' as const, code: 'LOGIN_MISSING' as const }]),
    ...(form.password ? [] : [{ field: 'password' as const, code: 'PASSWORD_MISSING' as const }]),
  ];
}

/**
 * `/interaction/:uid/login`: asks for an identifier and its password. Returns a function that shows the form at the
 * sign-in's own address.
 */
export function addPasswordLogin(router: Router, deps: PasswordLoginDeps) {
  const { interactions, channels, guard, device, show } = deps;
  const submitted = submittedStep(deps);

  function showLogin(
    ctx: Context,
    view: SignInAtPage,
    identifier: string,
    { errors = [], status = 200 }: Partial<Again> = {},
  ): void {
    const { codeAddress, emailAddress } = methodAddresses(view);
    const account = view.reauthenticate ? view.known : undefined;
    const data = {
      client: view.client,
      action: pathOf(SIGN_IN_PATHS.login, view.uid),
      cancelAction: pathOf(SIGN_IN_PATHS.abort, view.uid),
      passkey: view.methods.includes(passkeyMethod.name)
        ? { action: pathOf(PASSKEY_PATHS.use, view.uid), options: pathOf(PASSKEY_PATHS.useOptions, view.uid) }
        : undefined,
      codeAddress,
      emailAddress,
      providers: view.isLastStep ? undefined : view.upstream,
      linking: view.upstream?.linking,
      registerAddress:
        channels.has('sms') && !view.isLastStep ? pathOf(SIGN_IN_REGISTER_PATHS.mobile, view.uid) : undefined,
      forgotAddress:
        channels.has('sms') || channels.has('mail')
          ? pathOf(SIGN_IN_FORGOT_PASSWORD_PATHS.mobile, view.uid)
          : undefined,
      csrf: guard.token(ctx),
      identifier,
      errors: errors.map(inItsWords(account !== undefined)),
      account,
      hint: hintOf(view),
      otherAction: view.reauthenticate ? pathOf(SIGN_IN_PATHS.otherAccount, view.uid) : undefined,
    };
    show(ctx, 'sign-in/login', data, { status, uiLocales: view.uiLocales, address: data.action });
  }

  /** Shows the password form where the client prefers a code, or in another language. */
  router.get(SIGN_IN_PATHS.login, async (ctx) => {
    const view = await interactions.find(ctx, String(ctx.params.uid));
    if (!asksForPassword(view)) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, view.uid));
    showLogin(ctx, view, identifierOf(view));
  });

  router.post(SIGN_IN_PATHS.login, async (ctx) => {
    const { form, view, inTurn } = await submitted(ctx, 'login');
    if (!inTurn || !asksForPassword(view)) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, view.uid));
    await takeForm(ctx, {
      read: async () => form,
      explains: ['INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS'],
      async submit({ login: identifier = '', password = '' }) {
        refuseIf(complaints(form));
        const account = await deps.passwordAuthenticator.verify({
          identifier,
          password,
          origin: { address: deps.addressOf(ctx), device: device.ensure(ctx) },
          clientId: view.clientId,
          requestId: ctx.state.requestId,
          canContinue: true,
        });
        deps.loginEnded('right');
        return interactions.factorCompleted(ctx, view.uid, account.id, passwordMethod.name, {
          hasNoAuthenticator: account.hasNoAuthenticator,
          hasConfirmedContacts: unconfirmedContacts(account).length === 0,
        });
      },
      showAgain(again) {
        if (again.reason) deps.loginEnded(again.reason === 'TOO_MANY_ATTEMPTS' ? 'limited' : 'wrong');
        showLogin(ctx, view, form.login ?? '', withWait(again));
      },
    });
  });

  return { show: (ctx: Context, view: SignInAtPage): void => showLogin(ctx, view, identifierOf(view)) };
}
