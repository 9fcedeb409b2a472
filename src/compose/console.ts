import type { Context, Middleware } from 'koa';
import type { Config } from '../config/config.ts';
import { consoleOrigin } from '../config/console-origin.ts';
import { effectiveSettings } from '../config/effective-settings.ts';
import type { ClientRegistration } from '../domain/clients/client-registration.ts';
import type { Origin } from '../domain/known-origins/known-origins.ts';
import { consoleHost } from '../http/console-host.ts';
import { formGuard } from '../http/form-guard.ts';
import { sealedCookie } from '../http/sealed-cookie.ts';
import type { Clock } from '../lib/clock.ts';
import { zonedTime } from '../lib/zoned-time.ts';
import type { CodeRedemption } from '../oidc/authentication/code-redemption.ts';
import { accountOverviewPage } from '../pages/console/account.ts';
import {
  accountApplicationsPage,
  accountConsentsPage,
  accountLookupsPage,
  accountSessionsPage,
} from '../pages/console/account-access.ts';
import { accountActionsPage } from '../pages/console/account-actions.ts';
import { accountContactsPage } from '../pages/console/account-contacts.ts';
import { newAccountPage } from '../pages/console/account-new.ts';
import { accountProfilePage } from '../pages/console/account-profile.ts';
import { accountRolesPage } from '../pages/console/account-roles.ts';
import { accountsPage } from '../pages/console/accounts.ts';
import { auditPage } from '../pages/console/audit.ts';
import { clientPage } from '../pages/console/client.ts';
import { newClientPage } from '../pages/console/client-new.ts';
import { clientsPage } from '../pages/console/clients.ts';
import { type ConsoleSignIn, consoleContexts } from '../pages/console/console-context.ts';
import { consoleCookie } from '../pages/console/console-cookie.ts';
import { type ConsoleArea, notFoundPage } from '../pages/console/console-page.ts';
import { importPage } from '../pages/console/import.ts';
import { messagesPage } from '../pages/console/messages.ts';
import { operatorPage } from '../pages/console/operator.ts';
import { operatorsPage } from '../pages/console/operators.ts';
import { partnersPage } from '../pages/console/partners.ts';
import { receiptsPage } from '../pages/console/receipts.ts';
import { settingsPage } from '../pages/console/settings.ts';
import { todayPage } from '../pages/console/today.ts';
import { tracePage } from '../pages/console/trace.ts';
import { upstreamPage } from '../pages/console/upstream.ts';
import { newUpstreamPage } from '../pages/console/upstream-new.ts';
import { upstreamProviderPage } from '../pages/console/upstream-provider.ts';
import { webhookPage } from '../pages/console/webhook.ts';
import { newWebhookPage, webhooksPage } from '../pages/console/webhooks.ts';
import { once } from '../pages/kit/idempotent-form.ts';
import type { Show } from '../pages/kit/show.ts';
import { readSubmitted } from '../pages/kit/submitted.ts';
import type { Domain } from './domain.ts';
import { VERSION } from './version.ts';

interface ConsoleDeps {
  config: Config;
  domain: Domain;
  clock: Clock;
  show: Show;
  codeRedemption: CodeRedemption;
  registration: ClientRegistration;
  originOf: (ctx: Context) => Origin;
}

/** The time limit for a sign-in to the console. */
const SIGN_IN_SECONDS = 900;

/** The host of the console. It comes before every surface, so that none of them responds on that host. */
export const composeConsoleHost = (config: Config): Middleware =>
  consoleHost({ origin: consoleOrigin(config), issuer: config.server.issuer });

/** The pages under `/console`. */
export function composeConsole(deps: ConsoleDeps): Middleware[] {
  const { config, domain, clock, show, codeRedemption, registration, originOf } = deps;
  const { issuer, bodyBytes, timeZone } = config.server;
  const origin = consoleOrigin(config);
  const secure = origin.startsWith('https:');
  const guard = formGuard({
    keys: domain.keyring.derive('console forms'),
    issuer: origin,
    development: config.environment !== 'production',
  });
  const submitted = readSubmitted({ guard, bodyBytes });
  const contexts = consoleContexts({
    consoleSessions: domain.consoleSessions,
    accounts: domain.accounts,
    redeem: codeRedemption.redeem,
    cookie: consoleCookie({ secure }),
    signInCookie: sealedCookie<ConsoleSignIn>({
      ...{ keyring: domain.keyring, clock, secure },
      name: 'console-sign-in',
      seconds: SIGN_IN_SECONDS,
      browser: guard.browser,
    }),
    guard,
    submitted,
    reauthentication: domain.reauthentication,
    ...{ issuer, origin, show },
    needsSecondFactor: config.console.secondFactor === 'required',
  });
  const area: ConsoleArea = {
    contexts,
    token: guard.token,
    submitted,
    once: once({ idempotencyKeys: domain.idempotencyKeys, guard }),
    show,
  };
  const { accounts, identifiers, operators, clients } = domain;
  const now = () => clock.now();

  return [
    contexts.routes,
    todayPage(area, { ...domain, version: VERSION, timeZone }),
    accountsPage(area, { ...domain, timeZone }),
    newAccountPage(area, domain),
    accountOverviewPage(area, { ...domain, timeZone }),
    accountContactsPage(area, domain),
    accountProfilePage(area, domain),
    accountSessionsPage(area, { ...domain, timeZone }),
    accountApplicationsPage(area, { ...domain, timeZone }),
    accountConsentsPage(area, { ...domain, timeZone }),
    accountLookupsPage(area, { ...domain, timeZone }),
    accountRolesPage(area, domain),
    accountActionsPage(area, { ...domain, originOf, issuer, now }),
    importPage(area, { accountImport: domain.accountImport, guard }),
    clientsPage(area, { clients, timeZone }),
    newClientPage(area, { registration }),
    clientPage(area, { clients, registration, timeZone }),
    partnersPage(area, {
      clients,
      partnerActivity: domain.partnerActivity,
      limits: { perMinute: config.partners.searchesPerMinute, perDay: config.partners.searchesPerDay },
    }),
    upstreamPage(area, domain),
    newUpstreamPage(area, domain),
    upstreamProviderPage(area, domain),
    webhooksPage(area, domain),
    newWebhookPage(area, domain),
    webhookPage(area, { ...domain, timeZone }),
    auditPage(area, { auditSearch: domain.auditSearch, timeZone, readTime: zonedTime(timeZone) }),
    tracePage(area, { traces: domain.traces, timeZone }),
    receiptsPage(area, { ...domain, timeZone }),
    messagesPage(area, { messageQueue: domain.messageQueue, timeZone }),
    settingsPage(area, {
      signingKeys: domain.signingKeys,
      announceSeconds: config.signingKeys.announceSeconds,
      settings: () => effectiveSettings(config),
      timeZone,
    }),
    operatorsPage(area, { operators, accounts, identifiers, timeZone }),
    operatorPage(area, { operators, accounts, timeZone }),
    notFoundPage(area),
  ];
}
