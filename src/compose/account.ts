import type { Context, Middleware } from 'koa';
import type { Config } from '../config/config.ts';
import { leastCharacters } from '../domain/credentials/password-policy.ts';
import type { Origin } from '../domain/known-origins/known-origins.ts';
import type { FormGuard } from '../http/form-guard.ts';
import { sealedCookie } from '../http/sealed-cookie.ts';
import type { Clock } from '../lib/clock.ts';
import type { BrowserSessions } from '../oidc/authentication/browser-session.ts';
import type { BackchannelApprovals } from '../oidc/backchannel/approvals.ts';
import type { AccountContexts } from '../pages/account/account-context.ts';
import type { AccountArea } from '../pages/account/account-page.ts';
import { applicationsPage } from '../pages/account/applications.ts';
import { approvalsPage } from '../pages/account/approvals.ts';
import { changePasswordUrl } from '../pages/account/change-password.ts';
import { consentsPage } from '../pages/account/consents.ts';
import { contactsPage } from '../pages/account/contacts.ts';
import { deletePage } from '../pages/account/delete.ts';
import { emailPage } from '../pages/account/email.ts';
import { exportPage } from '../pages/account/export.ts';
import { linkReturn } from '../pages/account/link-account.ts';
import { linkedPage } from '../pages/account/linked.ts';
import { lookupsPage } from '../pages/account/lookups.ts';
import { type MobileInChange, mobilePages } from '../pages/account/mobile.ts';
import { overviewPage } from '../pages/account/overview.ts';
import { passkeyEndpoints } from '../pages/account/passkey-endpoints.ts';
import { newPasskeyPage } from '../pages/account/passkeys.ts';
import { passwordPage } from '../pages/account/password.ts';
import { picturePage } from '../pages/account/picture.ts';
import { profilePage } from '../pages/account/profile.ts';
import { authenticatorPage, securityPage } from '../pages/account/security.ts';
import { securityCodePage } from '../pages/account/security-code.ts';
import { sessionsPage } from '../pages/account/sessions.ts';
import { once } from '../pages/kit/idempotent-form.ts';
import type { NewAuthenticators } from '../pages/kit/new-authenticator.ts';
import type { SentCodePages } from '../pages/kit/sent-codes.ts';
import type { Show } from '../pages/kit/show.ts';
import { readSubmitted } from '../pages/kit/submitted.ts';
import type { Domain } from './domain.ts';

interface AccountDeps {
  backchannelApprovals: BackchannelApprovals;
  config: Config;
  domain: Domain;
  browserSessions: BrowserSessions;
  guard: FormGuard;
  clock: Clock;
  show: Show;
  originOf: (ctx: Context) => Origin;
  accountContexts: AccountContexts;
  newAuthenticators: NewAuthenticators;
  sentCodes: SentCodePages;
}

/** How long a re-authentication for a new number is valid, until its code is entered. */
const MOBILE_CHANGE_SECONDS = 600;

/** "My account": the pages under `/account`. */
export function composeAccount(deps: AccountDeps): Middleware[] {
  const { config, domain, browserSessions, guard, clock, show, originOf } = deps;
  const { issuer, timeZone, bodyBytes } = config.server;
  const { accounts, channels, credentials, keyring, reauthentication } = domain;
  const area: AccountArea = {
    accountContexts: deps.accountContexts,
    token: guard.token,
    submitted: readSubmitted({ guard, bodyBytes }),
    once: once({ idempotencyKeys: domain.idempotencyKeys, guard }),
    show,
  };
  const cookie = sealedCookie<MobileInChange>({
    keyring,
    clock,
    name: 'account-mobile',
    seconds: MOBILE_CHANGE_SECONDS,
    secure: issuer.startsWith('https:'),
    browser: guard.browser,
  });

  const security = {
    secondFactors: domain.secondFactors,
    passkeys: domain.relyingParty.isUsable ? domain.passkeys : undefined,
    removePasskey: domain.removePasskey,
    recoveries: domain.secondFactorRecoveries,
    methodsOf: domain.methodsOf,
    newAuthenticators: deps.newAuthenticators,
    sentCodes: deps.sentCodes,
    ...{ originOf, timeZone },
  };

  const linking = {
    providers: domain.upstreamProviders,
    transactions: domain.upstreamTransactions,
    links: domain.upstreamLinks,
    guard,
  };

  return [
    deps.accountContexts.callback,
    overviewPage(area, {
      sessions: domain.sessions,
      consents: domain.consents,
      linkedAccounts: domain.linkedAccounts,
      approvals: domain.approvals,
      methodsOf: domain.methodsOf,
      timeZone,
    }),
    contactsPage(area),
    profilePage(area, { accounts, titles: domain.titles, locations: domain.locations, clock, timeZone }),
    picturePage(area, { images: domain.images, guard }),
    changePasswordUrl(),
    passwordPage(area, {
      reauthentication,
      credentials,
      passwordChange: domain.passwordChange,
      originOf,
      passwordLeast: leastCharacters(config.passwords.policy),
    }),
    securityPage(area, security),
    authenticatorPage(area, security),
    securityCodePage(area, security, 'sms'),
    securityCodePage(area, security, 'email'),
    ...(domain.relyingParty.isUsable
      ? [
          newPasskeyPage(area, { passkeys: domain.passkeys, guard }),
          passkeyEndpoints({ issuer, relyingParty: domain.relyingParty }),
        ]
      : []),
    emailPage(area, { emailLinks: domain.emailLinks, channels, reauthentication, originOf }),
    mobilePages(area, {
      ...config.oneTimeCodes,
      clock,
      codes: domain.codes,
      mobileChange: domain.mobileChange,
      channels,
      reauthentication,
      cookie,
      originOf,
    }),
    sessionsPage(area, { sessions: domain.sessions, accessGrants: domain.accessGrants, timeZone }),
    ...(config.ciba.enabled
      ? [approvalsPage(area, { approvals: deps.backchannelApprovals, clock, timeZone })]
      : []),
    applicationsPage(area, { consents: domain.consents, timeZone }),
    consentsPage(area, { consentRecords: domain.consentRecords, timeZone }),
    lookupsPage(area, { lookups: domain.lookups, timeZone }),
    linkedPage(area, { ...linking, linkedAccounts: domain.linkedAccounts, timeZone }),
    linkReturn(area, linking),
    exportPage(area, { accountExport: domain.accountExport, issuer, clock }),
    deletePage(area, {
      lifecycle: domain.lifecycle,
      erasureReceipts: domain.erasureReceipts,
      forgetSession: browserSessions.forget,
    }),
  ];
}
