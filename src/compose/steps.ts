import type { Context, Middleware } from 'koa';
import compose from 'koa-compose';
import type { Config } from '../config/config.ts';
import { leastCharacters } from '../domain/credentials/password-policy.ts';
import type { DeviceCookie } from '../http/device-cookie.ts';
import type { FormGuard } from '../http/form-guard.ts';
import { sealedCookie } from '../http/sealed-cookie.ts';
import type { Clock } from '../lib/clock.ts';
import type { AccountContexts } from '../pages/account/account-context.ts';
import type { BotCheck } from '../pages/kit/bot-check.ts';
import type { Once } from '../pages/kit/idempotent-form.ts';
import {
  FORGOT_PASSWORD_PATHS,
  REGISTER_PATHS,
  SIGN_IN_FORGOT_PASSWORD_PATHS,
  SIGN_IN_REGISTER_PATHS,
} from '../pages/kit/paths.ts';
import type { Show } from '../pages/kit/show.ts';
import type { ReadSubmitted } from '../pages/kit/submitted.ts';
import { forgotPasswordPages, type MailAsked } from '../pages/recovery/forgot-password.ts';
import type { ReturnTo } from '../pages/recovery/return-to.ts';
import { registerPages } from '../pages/registration/register.ts';
import type { EnteredIdentity } from '../pages/registration/registration-forms.ts';
import { signInCodePages } from '../pages/sign-in/by-code.ts';
import { type EmailSignInDeps, type EmailStep, emailSignIn } from '../pages/sign-in/by-email.ts';
import { type Arriving, arrivals } from '../pages/steps/arrival.ts';
import { type FlowContextDeps, inSignIn, onTheirOwn } from '../pages/steps/flow-context.ts';
import type { StepState } from '../pages/steps/steps.ts';
import { beginUpstreamRegistration } from '../pages/upstream/begin-registration.ts';
import { registerChoice } from '../pages/upstream/offer.ts';
import { type UpstreamRegisterDeps, upstreamRegisterPages } from '../pages/upstream/register.ts';
import type { Domain } from './domain.ts';

interface StepsDeps {
  config: Config;
  domain: Domain;
  clock: Clock;
  device: DeviceCookie;
  addressOf: (ctx: Context) => string;
  guard: FormGuard;
  submitted: ReadSubmitted;
  once: Once;
  botCheck: BotCheck;
  show: Show;
  loginEnded: (outcome: string) => void;
  returnTo: ReturnTo;
  interactions: FlowContextDeps['interactions'] & EmailSignInDeps['interactions'];
  accountContexts: AccountContexts;
}

/** The time limit for the next step. */
const STEP_SECONDS = 900;

/** The time limit for the automatic sign-in of a browser that has finished its steps. */
const ARRIVAL_SECONDS = 60;

/** Returns the data that a registration with another provider requires. */
export function upstreamNeeds({
  registration: { required, nationalId },
}: Pick<Config, 'registration'>): Pick<UpstreamRegisterDeps, 'needsMobile' | 'asks'> {
  return {
    needsMobile: required.includes('mobile'),
    asks: {
      name: required.includes('name'),
      birthDate: required.includes('birthDate'),
      nationalId: required.includes('nationalId') ? nationalId : 'off',
    },
  };
}

/** The pages that verify a mobile number: for sign-in, registration and password reset. */
export function composeSteps(deps: StepsDeps): Middleware {
  const { config, domain, clock, device, addressOf, guard } = deps;
  const sealed = {
    keyring: domain.keyring,
    clock,
    seconds: STEP_SECONDS,
    secure: config.server.issuer.startsWith('https:'),
    browser: guard.browser,
  };
  const stepCookie = sealedCookie<StepState>({ ...sealed, name: 'proof' });
  const identityCookie = sealedCookie<EnteredIdentity>({ ...sealed, name: 'identity' });
  const mailsAsked = sealedCookie<MailAsked>({ ...sealed, name: 'mail_asked' });
  const passwordLeast = leastCharacters(config.passwords.policy);
  const originOf = (ctx: Context) => ({ address: addressOf(ctx), device: device.ensure(ctx) });
  const around: FlowContextDeps = { ...deps, smsCode: domain.smsCode, originOf, stepCookie };
  const codeSteps = {
    ...{ codes: domain.codes, channels: domain.channels, stepCookie, clock, originOf, guard },
    submitted: deps.submitted,
    botCheck: deps.botCheck,
    show: deps.show,
    countries: config.oneTimeCodes.countries,
    lifetime: config.oneTimeCodes.lifetime,
    resendAfter: config.oneTimeCodes.resendAfter,
  };
  const arriving = arrivals({
    ...around,
    accountContexts: deps.accountContexts,
    cookie: sealedCookie<Arriving>({ ...sealed, name: 'arriving', seconds: ARRIVAL_SECONDS }),
  });

  const registration = {
    once: deps.once,
    titles: domain.titles,
    timeZone: config.server.timeZone,
    termsUri: config.pages.terms?.uri,
    privacyUri: config.pages.privacy?.uri,
  };
  const providers = domain.upstreamProviders;
  const upstream = [
    beginUpstreamRegistration({ ...deps, providers }),
    upstreamRegisterPages({
      ...{ ...codeSteps, ...registration, providers },
      interactions: deps.interactions,
      transactions: domain.upstreamTransactions,
      registration: domain.upstreamRegistration,
      authenticator: domain.upstreamAuthenticator,
      ...upstreamNeeds(config),
    }),
  ];

  return compose([
    arriving.finish,
    ...upstream,
    signInCodePages({ ...codeSteps, ...around, smsCode: domain.smsCode, loginEnded: deps.loginEnded }),
    emailSignIn({
      ...{ ...codeSteps, interactions: deps.interactions, loginEnded: deps.loginEnded, once: deps.once },
      emailCode: domain.emailCode,
      cookie: sealedCookie<EmailStep>({ ...sealed, name: 'email_step' }),
    }),
    registerPages(
      [
        onTheirOwn(REGISTER_PATHS, arriving, registerChoice(providers)),
        inSignIn(SIGN_IN_REGISTER_PATHS, around),
      ],
      {
        ...{ ...codeSteps, ...registration },
        arrivals: arriving,
        registration: domain.registration,
        nationalId: config.registration.nationalId,
        identityCookie,
        passwordLeast,
        withoutPassword: domain.relyingParty.isUsable && config.passkeys.withoutPassword,
      },
    ),
    forgotPasswordPages(
      [onTheirOwn(FORGOT_PASSWORD_PATHS, arriving), inSignIn(SIGN_IN_FORGOT_PASSWORD_PATHS, around)],
      {
        ...codeSteps,
        arrivals: arriving,
        passwordChange: domain.passwordChange,
        passwordReset: domain.passwordReset,
        mailsAsked,
        returnTo: deps.returnTo,
        passwordLeast,
      },
    ),
  ]);
}
