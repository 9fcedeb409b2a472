import type { Config } from '../config/config.ts';
import type { Database, Db } from '../db/database.ts';
import type { LaggingRead } from '../db/replica.ts';
import { type RunQuery, runQuery } from '../db/run-query.ts';
import { breachedPasswords, type IsBreached } from '../domain/credentials/breached-passwords.ts';
import { type PasswordPolicy, passwordPolicy } from '../domain/credentials/password-policy.ts';
import { DEMONSTRATION_PASSWORDS } from '../domain/demonstration/demonstration.ts';
import { type Counters, databaseCounters } from '../domain/rate-limits/counters.ts';
import { redisCounters } from '../domain/rate-limits/redis-counters.ts';
import type { RetentionRun } from '../domain/retention/retention.ts';
import { type LastingDigest, type LastingDigests, lastingDigests } from '../domain/secrets/lasting-digest.ts';
import type { Views } from '../domain/views/views.ts';
import type { Clock } from '../lib/clock.ts';
import { type Keyring, keyring } from '../lib/keyring.ts';
import type { Outbound } from '../lib/outbound.ts';
import { type PasswordHasher, passwordHasher } from '../lib/passwords/password-hasher.ts';
import { tracedBulkhead, tracedHasher } from '../lib/passwords/traced-hasher.ts';
import type { Tracing } from '../lib/tracing.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { type Bulkheads, composeBulkheads } from './bulkheads.ts';
import { composeViews } from './views.ts';

export interface DomainDeps {
  config: Config;
  database: Database;
  clock: Clock;
  redis?: RedisConnection | undefined;
  /** Called when Redis cannot count and PostgreSQL does, with the reason. */
  onRedisBypassed?: (error: unknown) => void;
  /** Called when Redis counts again. */
  onRedisUsed?: () => void;
  /** Calls other parties; without it they count as not reachable. */
  fetch?: (url: URL, init?: RequestInit) => Promise<Response>;
  /** Calls receivers of webhooks, and tells whether their URLs are permitted; likewise. */
  webhookCalls?: Pick<Outbound, 'fetch' | 'check'>;
  /** The same for ranges of breached passwords, which are longer. */
  fetchRange?: (url: URL, init?: RequestInit) => Promise<Response>;
  /** Called when a service that is asked about passwords or forms fails. */
  onCheckFailed?: (check: 'breached' | 'bot', reason: string) => void;
  /** Called after clients were changed here. */
  onClientsChanged?: () => void;
  /** Called after sign-in providers were changed here. */
  onUpstreamChanged?: () => Promise<void>;
  /** Called when a password is not checked because there are too many at once. */
  onPasswordRefused?: () => void;
  /** Called when the limit of the whole deployment keeps a password from being checked. */
  onSignInAlert?: () => void;
  /** Called when a limit of the whole deployment stops codes from being sent. */
  onCodeAlert?: (limit: 'global' | 'conversion') => void;
  /** Called after a run of the retention of accounts. */
  onRetention?: (run: RetentionRun) => void;
}

/** What facts and flows are built on: database, keys, counters, and how passwords are hashed and judged. */
export interface Foundation {
  config: Config;
  db: Db;
  /** For lists that people look at; never for what decides. */
  lagging: LaggingRead;
  query: RunQuery;
  clock: Clock;
  fetch: NonNullable<DomainDeps['fetch']>;
  webhookCalls: NonNullable<DomainDeps['webhookCalls']>;
  keyring: Keyring;
  lastingDigests: LastingDigests;
  digest: LastingDigest;
  bulkheads: Bulkheads;
  hasher: PasswordHasher;
  policy: PasswordPolicy;
  /** Undefined where nothing is traced. */
  tracing: Tracing | undefined;
  /** Undefined where breaches are not looked up. */
  isBreached: IsBreached | undefined;
  /** What pages and messages are written from. */
  views: Views;
  /** Limits that hold for one account: always in the database, beside what they guard. */
  accountCounters: Counters;
  /** Limits that hold for one network address: in Redis where there is one. */
  addressCounters: Counters;
}

export function composeFoundation(deps: DomainDeps): Foundation {
  const { config, database, clock, redis } = deps;
  const db = database.knex;
  const ring = keyring(config.secrets.keys);
  const digests = lastingDigests({ db, keyring: ring });
  const bulkheads = composeBulkheads(config, deps.onPasswordRefused);
  const { memoryKiB, passes, parallelism, policy } = config.passwords;
  // the documentation publishes it: in production it neither signs in nor becomes anyone's password
  const published = config.environment === 'production' ? DEMONSTRATION_PASSWORDS : [];
  const { tracing } = database;
  const hasher = passwordHasher({
    memoryKiB,
    passes,
    parallelism,
    bulkhead: tracing ? tracedBulkhead(bulkheads.hashing, tracing) : bulkheads.hashing,
    published,
    firebase: config.firebase,
  });
  const accountCounters = databaseCounters({ db });
  const refused = () => Promise.reject(new Error('outbound requests are disabled in this context'));
  const fetch = deps.fetch ?? refused;
  return {
    config,
    db,
    lagging: database.lagging,
    query: runQuery(database),
    clock,
    fetch,
    webhookCalls: deps.webhookCalls ?? { fetch: refused, check: refused },
    keyring: ring,
    lastingDigests: digests,
    digest: digests.digest,
    bulkheads,
    hasher: tracing ? tracedHasher(hasher, tracing) : hasher,
    tracing,
    policy: passwordPolicy(policy, published),
    isBreached:
      config.passwords.breached === 'refuse'
        ? breachedPasswords({
            url: config.passwords.breachedUrl,
            fetch: deps.fetchRange ?? fetch,
            onFailed: (reason) => deps.onCheckFailed?.('breached', reason),
          })
        : undefined,
    views: composeViews(config.pages.folder),
    accountCounters,
    addressCounters: redis
      ? redisCounters({
          redis,
          fallback: accountCounters,
          onBypassed: deps.onRedisBypassed,
          onUsed: deps.onRedisUsed,
        })
      : accountCounters,
  };
}
