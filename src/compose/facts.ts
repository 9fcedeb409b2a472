import { upstreamSchema } from '../config/upstream.ts';
import type { Db } from '../db/database.ts';
import { type AccessGrants, accessGrants } from '../domain/access-grants/access-grants.ts';
import { type AccountRoles, accountRoles } from '../domain/account-roles/account-roles.ts';
import { type Accounts, accounts } from '../domain/accounts/accounts.ts';
import { type NationalIds, nationalIds } from '../domain/accounts/national-ids.ts';
import { tellNewSignIn } from '../domain/accounts/new-sign-in.ts';
import { type Titles, titles } from '../domain/accounts/titles.ts';
import { type AuditSearch, auditSearch } from '../domain/audit/audit-search.ts';
import { type History, history } from '../domain/audit/history.ts';
import { SIGN_IN_LINK_PATH } from '../domain/authenticators/email-code/email-code.ts';
import { type Bindings, bindings } from '../domain/bindings/bindings.ts';
import { type BotChecks, botChecks } from '../domain/bot-checks/bot-checks.ts';
import { type ConsentRecords, consentRecords } from '../domain/consent-records/consent-records.ts';
import { type ConsentRecordPages, consentRecordPages } from '../domain/consent-records/record-pages.ts';
import { type Consents, consents } from '../domain/consents/consents.ts';
import { type ConsoleSessions, consoleSessions } from '../domain/console-sessions/console-sessions.ts';
import { type Contacts, contacts } from '../domain/contacts/contacts.ts';
import { type Credentials, credentials } from '../domain/credentials/credentials.ts';
import { type ErasureReceipts, erasureReceipts } from '../domain/erasure-receipts/erasure-receipts.ts';
import { type ErasureReceiptPages, erasureReceiptPages } from '../domain/erasure-receipts/receipt-pages.ts';
import { type IdempotencyKeys, idempotencyKeys } from '../domain/idempotency/idempotency-keys.ts';
import { type IdempotentResponses, idempotentResponses } from '../domain/idempotency/idempotent-responses.ts';
import { imageCodec } from '../domain/images/image-codec.ts';
import { type Images, images } from '../domain/images/images.ts';
import { type KnownOrigins, knownOrigins } from '../domain/known-origins/known-origins.ts';
import { type LastAccess, lastAccess } from '../domain/last-access/last-access.ts';
import { type Locations, locations } from '../domain/locations/locations.ts';
import { type CallerTries, callerTries } from '../domain/mailed-secrets/caller-tries.ts';
import type { Channels } from '../domain/messages/channels.ts';
import type { Outbox } from '../domain/messages/outbox.ts';
import { type MessageQueue, messageQueue } from '../domain/messages/queue.ts';
import type { Templates } from '../domain/messages/templates.ts';
import { type ContactCodes, contactCodes } from '../domain/one-time-codes/contact-codes.ts';
import { type EmailCodes, emailCodes } from '../domain/one-time-codes/email-codes.ts';
import { type OneTimeCodes, oneTimeCodes } from '../domain/one-time-codes/one-time-codes.ts';
import { type Operators, operators } from '../domain/operators/operators.ts';
import { challenges } from '../domain/passkeys/challenges.ts';
import { type PasskeyUses, passkeyUses } from '../domain/passkeys/passkey-uses.ts';
import { hasPasskey, type Passkeys, passkeys } from '../domain/passkeys/passkeys.ts';
import { type RelyingParty, relyingParty } from '../domain/passkeys/relying-party.ts';
import { type PushDevices, pushDevices } from '../domain/push-devices/push-devices.ts';
import { type Refusals, refusals } from '../domain/rate-limits/refusals.ts';
import { type SignInThrottle, signInThrottle } from '../domain/rate-limits/sign-in-throttle.ts';
import { type RefusedRequests, refusedRequests } from '../domain/refused-requests/refused-requests.ts';
import { type Sessions, sessions } from '../domain/sessions/sessions.ts';
import { type SigningKeys, signingKeys } from '../domain/signing-keys/signing-keys.ts';
import { type Subscriptions, subscriptions } from '../domain/subscriptions/subscriptions.ts';
import { type ConnectionTest, connectionTest } from '../domain/upstream/connection-test.ts';
import { type FacebookGraph, facebookGraph } from '../domain/upstream/facebook-graph.ts';
import { type OperatedProviders, operatedProviders } from '../domain/upstream/operated-providers.ts';
import {
  type ChangeableProviders,
  type UpstreamProviders,
  upstreamProviders,
} from '../domain/upstream/providers.ts';
import { type Transactions, transactions } from '../domain/upstream/transactions.ts';
import { consentSettings } from './consents.ts';
import type { DomainDeps, Foundation } from './foundation.ts';
import { composeMessages } from './messages.ts';

/** The stored data about accounts, one table each. The `…In` functions build one for a transaction of the caller. */
export interface Facts {
  accessGrants: AccessGrants;
  accountRoles: AccountRoles;
  accounts: Accounts;
  accountsIn(db: Db): Accounts;
  auditSearch: AuditSearch;
  bindings: Bindings;
  /** Undefined when forms are not checked. */
  botChecks: BotChecks | undefined;
  callerTries: CallerTries;
  channels: Channels;
  codes: OneTimeCodes;
  contactCodes: ContactCodes;
  emailCodes: EmailCodes;
  consentRecordPages: ConsentRecordPages;
  consentRecords: ConsentRecords;
  consents: Consents;
  erasureReceiptPages: ErasureReceiptPages;
  erasureReceipts: ErasureReceipts;
  consoleSessions: ConsoleSessions;
  contacts: Contacts;
  credentials: Credentials;
  credentialsIn(db: Db): Credentials;
  history: History;
  idempotencyKeys: IdempotencyKeys;
  idempotentResponses: IdempotentResponses;
  images: Images;
  knownOrigins: KnownOrigins;
  lastAccess: LastAccess;
  locations: Locations;
  messageQueue: MessageQueue;
  nationalIds: NationalIds;
  operators: Operators;
  outbox: Outbox;
  outboxIn(db: Db): Outbox;
  templates: Templates;
  /** Whether an account has a passkey that this deployment accepts. */
  hasPasskey(accountId: number): Promise<boolean>;
  passkeys: Passkeys;
  passkeyUses: PasskeyUses;
  relyingParty: RelyingParty;
  pushDevices: PushDevices;
  refusals: Refusals;
  refusedRequests: RefusedRequests;
  sessions: Sessions;
  signingKeys: SigningKeys;
  signInThrottle: SignInThrottle;
  subscriptions: Subscriptions;
  titles: Titles;
  /** Validates tokens at Facebook, for the Keys API and for the pages. */
  facebookGraph: FacebookGraph;
  upstreamProviders: UpstreamProviders;
  operatedProviders: OperatedProviders;
  connectionTest: ConnectionTest;
  upstreamTransactions: Transactions;
}

type Alerts = Pick<DomainDeps, 'onSignInAlert' | 'onCodeAlert' | 'onUpstreamChanged' | 'onCheckFailed'>;

function composePasskeys({ config, db, digest }: Foundation, outbox: (db: Db) => Outbox) {
  const party = relyingParty({ issuer: config.server.issuer, ...config.passkeys });
  const ceremonies = { db, relyingParty: party, challenges: challenges({ db }), digest };
  return {
    relyingParty: party,
    hasPasskey: async (accountId: number) => party.isUsable && (await hasPasskey(db, accountId)),
    passkeyUses: passkeyUses(ceremonies),
    passkeys: passkeys({
      ...ceremonies,
      outbox,
      productName: config.pages.productName,
      // a person who registers without a password is always offered one
      isOffering: party.isUsable && (config.passkeys.offer || config.passkeys.withoutPassword),
    }),
  };
}

/** The pages and the Keys API share one Facebook app, because the ID of a user is different in every app. */
function composeUpstream(
  { config, db, keyring, clock, fetch }: Foundation,
  { onUpstreamChanged }: Pick<DomainDeps, 'onUpstreamChanged'>,
) {
  const { graphUrl, ...app } = config.facebook;
  const { issuer } = config.server;
  const fixed = config.upstream;
  const graph = facebookGraph({
    app() {
      const onPages = providers.settings.find(({ kind }) => kind === 'facebook');
      return {
        appId: app.appId ?? onPages?.clientId,
        appSecret: app.appSecret ?? onPages?.clientSecret,
      };
    },
    ...{ graphUrl, fetch, clock },
  });
  const providers: ChangeableProviders = upstreamProviders({
    ...{ issuer, settings: fixed, graph, graphUrl, fetch, clock },
  });
  return {
    facebookGraph: graph,
    upstreamProviders: providers,
    operatedProviders: operatedProviders({
      ...{ db, keyring, issuer, fixed, providers },
      rules: {
        schema: upstreamSchema.element,
        environment: config.environment,
        facebookAppId: app.appId,
      },
      changed: async () => onUpstreamChanged?.(),
    }),
    connectionTest: connectionTest({ issuer, graphUrl, fetch, clock }),
    upstreamTransactions: transactions({ db, keyring, providers }),
  };
}

function composeBotChecks(
  { config, addressCounters, fetch }: Foundation,
  { onCheckFailed }: Pick<DomainDeps, 'onCheckFailed'>,
): BotChecks | undefined {
  const { provider, siteKey, secret, verifyUrl } = config.bots;
  if (!provider || !siteKey || !secret) return undefined;
  return botChecks({
    ...{ site: { provider, siteKey }, secret, verifyUrl, fetch, counters: addressCounters },
    hostname: new URL(config.server.issuer).hostname,
    timeoutMs: config.outbound.timeoutMs,
    onFailed: (reason) => onCheckFailed?.('bot', reason),
  });
}

export function composeFacts(foundation: Foundation, alerts: Alerts): Facts {
  const { config, db, lagging, keyring, digest, clock, accountCounters, addressCounters } = foundation;
  const { channels, outboxIn, templates } = composeMessages(foundation);
  const credentialsIn = (on: Db) =>
    credentials({
      db: on,
      hasher: foundation.hasher,
      policy: foundation.policy,
      isBreached: foundation.isBreached,
    });
  const origins = knownOrigins({
    ...{ db, digest, days: config.attempts.knownDeviceDays },
    onNew: config.messages.newSignIn
      ? (tx, accountId) => tellNewSignIn({ db: tx, outbox: outboxIn(tx), now: clock.now() }, accountId)
      : undefined,
  });
  const { windowSeconds } = config.attempts;
  const noted = refusals({ db, counters: accountCounters, knownOrigins: origins, windowSeconds });
  const codesDeps = {
    ...{ db, keyring, channels },
    counters: accountCounters,
    outbox: outboxIn,
    knownOrigins: origins,
    refusals: noted,
    settings: config.oneTimeCodes,
    onAlert: (limit: 'global' | 'conversion') => alerts.onCodeAlert?.(limit),
  };
  const listed = subscriptions({ db, topics: config.selfService.topics });
  return {
    accessGrants: accessGrants({ db }),
    accountRoles: accountRoles({ db, configured: config.roles }),
    accounts: accounts({ db, query: foundation.query }),
    accountsIn: (on) => accounts({ db: on }),
    auditSearch: auditSearch({ db, lagging }),
    bindings: bindings({ db }),
    botChecks: composeBotChecks(foundation, alerts),
    callerTries: callerTries({ counters: addressCounters, refusals: noted }),
    channels,
    codes: oneTimeCodes(codesDeps),
    contactCodes: contactCodes(codesDeps),
    emailCodes: emailCodes({ ...codesDeps, linkPage: config.server.issuer + SIGN_IN_LINK_PATH }),
    consents: consents({ db }),
    consentRecordPages: consentRecordPages({ lagging }),
    consentRecords: consentRecords({ db, subscriptions: listed, ...consentSettings(config) }),
    consoleSessions: consoleSessions({ db }),
    contacts: contacts({ db }),
    credentials: credentialsIn(db),
    credentialsIn,
    erasureReceiptPages: erasureReceiptPages({ lagging }),
    erasureReceipts: erasureReceipts({ db, keyring, issuer: config.server.issuer }),
    history: history({ db }),
    idempotencyKeys: idempotencyKeys({ db, keyring, digest }),
    idempotentResponses: idempotentResponses({ db, keyring, digest }),
    images: images({
      db,
      refusals: noted,
      counters: accountCounters,
      codec: imageCodec({ bulkhead: foundation.bulkheads.images }),
    }),
    knownOrigins: origins,
    lastAccess: lastAccess({ db, clock }),
    locations: locations({ db }),
    messageQueue: messageQueue({ db, lagging }),
    nationalIds: nationalIds({ db, keyring }),
    operators: operators({ db }),
    outbox: outboxIn(db),
    outboxIn,
    templates,
    ...composePasskeys(foundation, outboxIn),
    ...composeUpstream(foundation, alerts),
    pushDevices: pushDevices({ db }),
    refusals: noted,
    refusedRequests: refusedRequests({ db, clock, perMinute: config.jobs.refusedPerMinute }),
    sessions: sessions({ db, keyring, outbox: outboxIn }),
    signingKeys: signingKeys({ db, keyring }),
    signInThrottle: signInThrottle({
      knownOrigins: origins,
      accountCounters,
      addressCounters,
      limits: config.attempts,
      onAlert: () => alerts.onSignInAlert?.(),
    }),
    subscriptions: listed,
    titles: titles({ db }),
  };
}
