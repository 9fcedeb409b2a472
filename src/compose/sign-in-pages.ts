import type { Context, Middleware } from 'koa';
import type { Config } from '../config/config.ts';
import type { Origin } from '../domain/known-origins/known-origins.ts';
import type { DeviceCookie } from '../http/device-cookie.ts';
import type { FormGuard } from '../http/form-guard.ts';
import type { RememberedDevice } from '../http/remembered-device.ts';
import type { AccountContexts } from '../pages/account/account-context.ts';
import type { NewAuthenticators } from '../pages/kit/new-authenticator.ts';
import type { SentCodePages } from '../pages/kit/sent-codes.ts';
import type { Show } from '../pages/kit/show.ts';
import type { ReadSubmitted } from '../pages/kit/submitted.ts';
import { type PasskeySignInDeps, passkeySignIn } from '../pages/sign-in/by-passkey.ts';
import { type InteractionPagesDeps, interactionPages } from '../pages/sign-in/interaction.ts';
import {
  type InteractionContactsDeps,
  interactionContactsPage,
} from '../pages/sign-in/interaction-contacts.ts';
import { type PasskeyOfferDeps, passkeyOfferPages } from '../pages/sign-in/passkey-offer.ts';
import { type SecondFactorPagesDeps, secondFactorPages } from '../pages/sign-in/second-factor.ts';
import { type LostPagesDeps, secondFactorLostPages } from '../pages/sign-in/second-factor-lost.ts';
import { type TermsPageDeps, termsPage } from '../pages/sign-in/terms.ts';
import { type UpstreamSignInDeps, upstreamSignIn } from '../pages/upstream/sign-in.ts';
import type { Domain } from './domain.ts';
import { upstreamNeeds } from './steps.ts';

interface SignInPagesDeps {
  config: Config;
  domain: Domain;
  device: DeviceCookie;
  addressOf: (ctx: Context) => string;
  guard: FormGuard;
  submitted: ReadSubmitted;
  show: Show;
  loginEnded: (outcome: string) => void;
  interactions: InteractionPagesDeps['interactions'] &
    InteractionContactsDeps['interactions'] &
    PasskeySignInDeps['interactions'] &
    PasskeyOfferDeps['interactions'] &
    SecondFactorPagesDeps['interactions'] &
    LostPagesDeps['interactions'] &
    TermsPageDeps['interactions'] &
    UpstreamSignInDeps['interactions'];
  remembered: RememberedDevice;
  originOf: (ctx: Context) => Origin;
  /** Like `originOf`, but gives an identifier to a browser that has none. */
  knownOrigin: (ctx: Context) => Origin & { device: string };
  sentCodes: SentCodePages;
  accountContexts: AccountContexts;
  newAuthenticators: NewAuthenticators;
}

/** The steps of a sign-in on pages, below `/interaction/:uid`. */
export function composeSignInPages(deps: SignInPagesDeps): Middleware[] {
  const { config, domain, device, addressOf, guard, submitted, show, loginEnded, interactions } = deps;
  const { remembered, originOf, knownOrigin, sentCodes } = deps;
  const { timeZone } = config.server;
  const { rememberDays } = config.secondFactor;
  const { upstreamProviders: providers, upstreamTransactions: transactions } = domain;
  const signIn = interactionPages({
    interactions,
    channels: domain.channels,
    passwordAuthenticator: domain.passwordAuthenticator,
    accounts: domain.accounts,
    hasConsent: async (accountId, clientId) =>
      (await domain.consents.find(accountId, clientId)) !== undefined,
    guard,
    device,
    addressOf,
    loginEnded,
    submitted,
    show,
  });
  const contacts = interactionContactsPage({
    accounts: domain.accounts,
    contactConfirmation: domain.contactConfirmation,
    secondFactors: domain.secondFactors,
    interactions,
    ...{ guard, submitted, timeZone, show },
  });
  const passkeySteps = domain.relyingParty.isUsable
    ? [
        passkeySignIn({
          ...{ interactions, originOf: knownOrigin, guard, loginEnded, submitted, show },
          passkeyAuthenticator: domain.passkeyAuthenticator,
          rpId: domain.relyingParty.id,
        }),
        passkeyOfferPages({
          ...{ interactions, accountContexts: deps.accountContexts, guard, submitted, show },
          passkeys: domain.passkeys,
        }),
      ]
    : [];
  const upstreamSteps = upstreamSignIn({
    ...{ interactions, providers, transactions, originOf: knownOrigin },
    ...{ authenticator: domain.upstreamAuthenticator, registration: domain.upstreamRegistration },
    needsMobile: upstreamNeeds(config).needsMobile,
    ...{ guard, loginEnded, submitted, show },
  });
  const secondStep = secondFactorPages({
    interactions,
    secondFactors: domain.secondFactors,
    hasPasskey: domain.hasPasskey,
    newAuthenticators: deps.newAuthenticators,
    sentCodes,
    ...{ remembered, rememberDays, originOf, guard, submitted, show },
  });
  const lost = secondFactorLostPages({
    interactions,
    secondFactors: domain.secondFactors,
    hasPasskey: domain.hasPasskey,
    recoveries: domain.secondFactorRecoveries,
    proofs: domain.contactProofs,
    ...{ originOf, guard, submitted, show, timeZone },
  });
  const terms = termsPage({
    ...{ interactions, guard, submitted, show },
    consentRecords: domain.consentRecords,
  });
  return [upstreamSteps, signIn, ...passkeySteps, secondStep, lost, contacts, terms];
}
