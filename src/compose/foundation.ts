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
  /** Called with the reason when Redis fails and PostgreSQL takes over its counters. */
  onRedisBypassed?: (error: unknown) => void;
  /** Called when counters use Redis again. */
  onRedisUsed?: () => void;
  /** Calls other parties. Without it, they are treated as unreachable. */
  fetch?: (url: URL, init?: RequestInit) => Promise<Response>;
  /**
   * Calls webhook receivers, and checks whether their URLs are permitted. Without it, they are treated as unreachable.
   */
  webhookCalls?: Pick<Outbound, 'fetch' | 'check'>;
  /** Fetches ranges of breached passwords, which are larger responses. */
  fetchRange?: (url: URL, init?: RequestInit) => Promise<Response>;
  /** Called when a service that checks passwords or forms fails. */
  onCheckFailed?: (check: 'breached' | 'bot', reason: string) => void;
  /** Called after this process has changed clients. */
  onClientsChanged?: () => void;
  /** Called after this process has changed sign-in providers. */
  onUpstreamChanged?: () => Promise<void>;
  /** Called when a password is not checked because too many checks are running. */
  onPasswordRefused?: () => void;
  /** Called when the limit of the whole deployment prevents a password check. */
  onSignInAlert?: () => void;
  /** Called when a limit of the whole deployment prevents a code from being sent. */
  onCodeAlert?: (limit: 'global' | 'conversion') => void;
  /** Called after a retention run. */
  onRetention?: (run: RetentionRun) => void;
}

/** The base of facts and flows: database, keys, counters, password hashing and password policy. */
export interface Foundation {
  config: Config;
  db: Db;
  /** For lists that people read, never for decisions. */
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
  /** Undefined when tracing is off. */
  tracing: Tracing | undefined;
  /** Undefined when breached passwords are not checked. */
  isBreached: IsBreached | undefined;
  /** The templates of pages and messages. */
  views: Views;
  /** Limits per account, which are always in the same database as the data that they protect. */
  accountCounters: Counters;
  /** Limits per network address, in Redis if it is configured. */
  addressCounters: Counters;
}

export function composeFoundation(deps: DomainDeps): Foundation {
  const { config, database, clock, redis } = deps;
  const db = database.knex;
  const ring = keyring(config.secrets.keys);
  const digests = lastingDigests({ db, keyring: ring });
  const bulkheads = composeBulkheads(config, deps.onPasswordRefused);
  const { memoryKiB, passes, parallelism, policy } = config.passwords;
  // the documentation publishes these passwords: production accepts them neither for sign-in nor as new passwords
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
