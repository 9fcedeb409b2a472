import type { Redis } from 'ioredis';
import type { Config } from '../config/config.ts';
import type { Database, Db } from '../db/database.ts';
import { runQuery } from '../db/run-query.ts';
import { accounts } from '../domain/accounts/accounts.ts';
import { nationalIds } from '../domain/accounts/national-ids.ts';
import { titles } from '../domain/accounts/titles.ts';
import { facebookAuthenticator } from '../domain/authenticators/facebook/facebook.ts';
import { facebookGraph } from '../domain/authenticators/facebook/facebook-graph.ts';
import { passwordAuthenticator } from '../domain/authenticators/password/password.ts';
import { smsCode } from '../domain/authenticators/sms-code/sms-code.ts';
import { clientCache } from '../domain/clients/client-cache.ts';
import { clients } from '../domain/clients/clients.ts';
import { publicOrigins } from '../domain/clients/public-origins.ts';
import { contacts } from '../domain/contacts/contacts.ts';
import { credentials } from '../domain/credentials/credentials.ts';
import { passwordPolicy } from '../domain/credentials/password-policy.ts';
import { DEMONSTRATION_ACCOUNT } from '../domain/demonstration/demonstration.ts';
import { idempotencyKeys } from '../domain/idempotency/idempotency-keys.ts';
import { imageCodec } from '../domain/images/image-codec.ts';
import { images } from '../domain/images/images.ts';
import { knownOrigins } from '../domain/known-origins/known-origins.ts';
import { lastAccess } from '../domain/last-access/last-access.ts';
import { lifecycle } from '../domain/lifecycle/lifecycle.ts';
import { releases } from '../domain/lifecycle/releases.ts';
import { locations } from '../domain/locations/locations.ts';
import { callerTries } from '../domain/mailed-secrets/caller-tries.ts';
import { oneTimeCodes } from '../domain/one-time-codes/one-time-codes.ts';
import { accountSearch } from '../domain/partners/account-search.ts';
import { mobileChecks } from '../domain/partners/mobile-checks.ts';
import { partners } from '../domain/partners/partners.ts';
import { databaseCounters } from '../domain/rate-limits/counters.ts';
import { redisCounters } from '../domain/rate-limits/redis-counters.ts';
import { signInThrottle } from '../domain/rate-limits/sign-in-throttle.ts';
import { findMobile } from '../domain/recovery/find-mobile.ts';
import { passwordReset } from '../domain/recovery/password-reset.ts';
import { activation } from '../domain/registration/activation.ts';
import { emailRegistration } from '../domain/registration/email-registration.ts';
import { registration } from '../domain/registration/registration.ts';
import { lastingDigests } from '../domain/secrets/lasting-digest.ts';
import { contactConfirmation } from '../domain/settings/contact-confirmation.ts';
import { emailLinks } from '../domain/settings/email-links.ts';
import { mobileChange } from '../domain/settings/mobile-change.ts';
import { passwordChange } from '../domain/settings/password-change.ts';
import { profileChanges } from '../domain/settings/profile-changes.ts';
import { signingKeys } from '../domain/signing-keys/signing-keys.ts';
import { subscriptions } from '../domain/subscriptions/subscriptions.ts';
import { AppError } from '../errors/app-error.ts';
import { bulkhead } from '../lib/bulkhead.ts';
import type { Clock } from '../lib/clock.ts';
import { keyring } from '../lib/keyring.ts';
import { passwordHasher } from '../lib/passwords/password-hasher.ts';
import { recordTries } from '../storage/record-tries.ts';
import { records } from '../storage/unit-of-work.ts';
import { composeMessages } from './messages.ts';
import { composeOwner } from './owner.ts';

/** Pictures that are decoded at the same time, by all workers or one each: each may take 100 MB. */
const IMAGES_AT_ONCE = 2;

export interface DomainDeps {
  config: Config;
  database: Database;
  clock: Clock;
  redis?: Redis | undefined;
  /** Calls other parties; without it they count as not reachable. */
  fetch?: (url: URL, init?: RequestInit) => Promise<Response>;
  /** Called after clients were changed here. */
  onClientsChanged?: () => void;
  /** Called when a password is not looked at because there are too many at once. */
  onPasswordRefused?: () => void;
  /** Called when the limit of the whole deployment keeps a password from being looked at. */
  onSignInAlert?: () => void;
  /** Called when a limit of the whole deployment stops codes from being sent. */
  onCodeAlert?: (limit: 'global' | 'conversion') => void;
}

/** Everything below the surfaces: what the server and the command have in common. */
export function composeDomain(deps: DomainDeps) {
  const { config, database, clock, redis } = deps;
  const db = database.knex;
  const ring = keyring(config.secrets.keys);
  const lasting = lastingDigests({ db, keyring: ring });
  const { digest } = lasting;

  const refusal = () => {
    deps.onPasswordRefused?.();
    return new AppError('UNAVAILABLE', { retryAfter: 1 });
  };
  const { maxConcurrent, maxQueued, maxWaitMs, memoryKiB, passes, parallelism } = config.passwords;
  const processes = config.server.workers;
  const hashing = bulkhead({
    size: maxConcurrent,
    processes,
    queue: maxQueued,
    waitMs: maxWaitMs,
    refusal,
  });
  // the documentation publishes it: in production it neither signs in nor becomes anybody's password
  const published = config.environment === 'production' ? [DEMONSTRATION_ACCOUNT.password] : [];
  const policy = passwordPolicy(config.passwords.policy, published);
  const hasher = passwordHasher({ memoryKiB, passes, parallelism, bulkhead: hashing, published });
  // the statements of a sign-in take about as long as its hash: those of some run while the others hash
  const gate = bulkhead({ size: 2 * hashing.size + 1, queue: maxQueued, waitMs: maxWaitMs, refusal });

  const { channels, outboxOf } = composeMessages({ config, keyring: ring, digest });

  const accountCounters = databaseCounters({ db });
  const addressCounters = redis ? redisCounters({ redis, fallback: accountCounters }) : accountCounters;

  const credentialsOf = (on: Db) => credentials({ db: on, hasher, policy });
  const query = runQuery(database);
  const allAccounts = accounts({ db, query });

  const allClients = clients({ db, keyring: ring, changed: () => changed() });
  const cache = clientCache({ read: allClients.find, clock });
  const origins = publicOrigins({ list: allClients.list, clock });
  const changed = (): void => {
    cache.clear();
    origins.clear();
    deps.onClientsChanged?.();
  };

  const allContacts = contacts({ db });
  const allNationalIds = nationalIds({ db, keyring: ring });
  const places = knownOrigins({ db, digest, days: config.attempts.knownDeviceDays });
  const throttle = signInThrottle({
    knownOrigins: places,
    accountCounters,
    addressCounters,
    limits: config.attempts,
    onAlert: () => deps.onSignInAlert?.(),
  });
  const password = passwordAuthenticator({
    db,
    hasher,
    accounts: allAccounts,
    contacts: allContacts,
    throttle,
    knownOrigins: places,
    bulkhead: gate,
  });
  const codes = oneTimeCodes({
    db,
    keyring: ring,
    counters: accountCounters,
    outbox: outboxOf,
    knownOrigins: places,
    channels,
    settings: config.oneTimeCodes,
    onAlert: (limit) => deps.onCodeAlert?.(limit),
  });
  const links = emailLinks({
    db,
    counters: accountCounters,
    keyring: ring,
    accounts: allAccounts,
    outbox: outboxOf,
    channels,
    issuer: config.server.issuer,
  });
  const shared = {
    db,
    keyring: ring,
    accounts: allAccounts,
    nationalIds: allNationalIds,
    contacts: allContacts,
  };
  const accesses = lastAccess({ db, clock });
  const lifecycleIn = (on: Db) =>
    lifecycle({ db: on, keyring: ring, credentials: credentialsOf, outbox: outboxOf });
  const accountsIn = (on: Db) => accounts({ db: on });
  const writing = {
    ...shared,
    accountsIn,
    lifecycleIn,
    credentials: credentialsOf,
    outbox: outboxOf,
    channels,
  };
  const recovery = {
    ...writing,
    clients: allClients,
    counters: addressCounters,
    tries: callerTries({ counters: addressCounters }),
    issuer: config.server.issuer,
  };
  const changeOfPassword = passwordChange({ ...writing, policy, codes });
  const changeOfMobile = mobileChange({ ...writing, codes });
  const { fetch = () => Promise.reject(new Error('outbound requests are disabled in this context')) } = deps;
  const allLocations = locations({ db });
  const allSubscriptions = subscriptions({ db, topics: config.selfService.topics });
  const ofOwner = composeOwner({
    ...writing,
    counters: accountCounters,
    lastAccess: accesses,
    subscriptions: allSubscriptions,
  });
  const facebook = facebookAuthenticator({
    ...shared,
    bindings: ofOwner.bindings,
    counters: addressCounters,
    throttle,
    graph: facebookGraph({ ...config.facebook, fetch, clock }),
  });
  const atOnce = Math.ceil(IMAGES_AT_ONCE / processes);
  const decoding = bulkhead({ size: atOnce, queue: maxQueued, waitMs: maxWaitMs, refusal });

  return {
    ...ofOwner,
    titles: titles({ db }),
    images: images({ db, counters: accountCounters, codec: imageCodec({ bulkhead: decoding }) }),
    codes,
    emailLinks: links,
    registration: registration({
      ...writing,
      counters: accountCounters,
      codes,
      policy,
      emailLinks: links,
    }),
    locations: allLocations,
    facebook,
    emailRegistration: emailRegistration({
      db,
      counters: addressCounters,
      credentials: credentialsOf,
      lifecycleIn,
      locations: allLocations,
      facebook,
      emailLinks: links,
    }),
    callerTries: recovery.tries,
    addressCounters,
    passwordReset: passwordReset(recovery),
    activation: activation(recovery),
    passwordChange: changeOfPassword,
    mobileChange: changeOfMobile,
    profileChanges: profileChanges({
      ...shared,
      accountsIn,
      subscriptions: allSubscriptions,
      emailLinks: links,
      mobileChange: changeOfMobile,
      passwordChange: changeOfPassword,
      passwordAuthenticator: password,
      tries: recovery.tries,
      settings: { ...config.selfService, countries: config.oneTimeCodes.countries },
    }),
    findMobile: findMobile({ ...writing, digest, counters: accountCounters }),
    knownOrigins: places,
    keyring: ring,
    lastingDigests: lasting,
    digest,
    idempotencyKeys: idempotencyKeys({ db, keyring: ring, digest }),
    hashing,
    contacts: contacts({ db }),
    credentials: credentialsOf(db),
    channels,
    outbox: outboxOf(db),
    accounts: allAccounts,
    lifecycle: lifecycleIn(db),
    releases: releases({ db, keyring: ring, outbox: outboxOf }),
    nationalIds: allNationalIds,
    lastAccess: accesses,
    partners: partners({ clients: allClients, clientCache: cache }),
    accountSearch: accountSearch({
      db,
      digest,
      counters: addressCounters,
      lastAccess: accesses,
      quotas: config.partners,
    }),
    contactConfirmation: contactConfirmation({ db, outbox: outboxOf }),
    mobileChecks: mobileChecks({
      clients: allClients,
      contacts: allContacts,
      tries: recordTries({ db }),
      countries: config.oneTimeCodes.countries,
    }),
    clients: allClients,
    clientCache: cache,
    publicOrigins: origins,
    signingKeys: signingKeys({ db, keyring: ring }),
    records: records(database),
    query,
    passwordAuthenticator: password,
    smsCode: smsCode({ ...shared, codes, throttle, knownOrigins: places }),
  };
}

export type Domain = ReturnType<typeof composeDomain>;
