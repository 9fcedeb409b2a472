import type { RunQuery } from '../db/run-query.ts';
import { type Approvals, approvals } from '../domain/approvals/approvals.ts';
import { type Identifiers, identifiers } from '../domain/identifiers/identifiers.ts';
import type { Counters } from '../domain/rate-limits/counters.ts';
import type { Retention } from '../domain/retention/retention.ts';
import type { LastingDigest, LastingDigests } from '../domain/secrets/lasting-digest.ts';
import type { Views } from '../domain/views/views.ts';
import type { Bulkhead } from '../lib/bulkhead.ts';
import type { Keyring } from '../lib/keyring.ts';
import { type Records, records } from '../storage/unit-of-work.ts';
import { type Administration, composeAdministration } from './administration.ts';
import { type Authenticators, composeAuthenticators } from './authenticators.ts';
import { type ComposedClients, composeClients } from './clients.ts';
import { composeFacts, type Facts } from './facts.ts';
import { composeFoundation, type DomainDeps } from './foundation.ts';
import { type ComposedLifecycle, composeLifecycle } from './lifecycle.ts';
import { type ComposedPartners, composePartners } from './partners.ts';
import { composeRecovery, type Recovery } from './recovery.ts';
import { composeRegistrations, type Registrations } from './registration.ts';
import { composeRetention } from './retention.ts';
import { composeSettings, type Settings } from './settings.ts';
import { type ComposedWebhooks, composeWebhooks } from './webhooks.ts';

/** Parts below the facts that flows and surfaces use too. */
interface Shared {
  approvals: Approvals;
  keyring: Keyring;
  digest: LastingDigest;
  lastingDigests: LastingDigests;
  addressCounters: Counters;
  hashing: Bulkhead;
  identifiers: Identifiers;
  query: RunQuery;
  records: Records;
  retention: Retention;
  /** The templates of pages and messages. */
  views: Views;
}

type Flows = ComposedLifecycle &
  ComposedPartners &
  ComposedWebhooks &
  Recovery &
  Registrations &
  Settings &
  Administration;

/** Each use case by its name. A surface declares the ones that it needs. */
export interface Domain extends Shared, Facts, ComposedClients, Authenticators, Flows {}

/** Composes everything below the surfaces, layer by layer. The server and the command line share it. */
export function composeDomain(deps: DomainDeps): Domain {
  const foundation = composeFoundation(deps);
  const stored = composeFacts(foundation, deps);
  const facts = { ...stored, identifiers: identifiers(stored) };
  const clients = composeClients(foundation, deps);
  const authenticators = composeAuthenticators(foundation, facts);
  const below = { ...facts, ...clients, ...authenticators, ...composeLifecycle(foundation, facts) };
  const partners = composePartners(foundation, below);
  const { config, db, addressCounters } = foundation;
  const settings = composeSettings(foundation, { ...below, lookups: partners.lookups });
  const recovery = composeRecovery(foundation, below);
  return {
    keyring: foundation.keyring,
    digest: foundation.digest,
    lastingDigests: foundation.lastingDigests,
    addressCounters: foundation.addressCounters,
    hashing: foundation.bulkheads.hashing,
    query: foundation.query,
    records: records(deps.database),
    views: foundation.views,
    ...below,
    ...partners,
    ...composeWebhooks(foundation, facts),
    approvals: approvals({
      ...{ db, counters: addressCounters, digest: foundation.digest },
      ...{ accounts: facts.accounts, identifiers: facts.identifiers, outbox: facts.outbox },
      ...{ channels: facts.channels, refusals: facts.refusals },
      issuer: config.server.issuer,
      limits: config.ciba,
    }),
    ...settings,
    retention: composeRetention(foundation, below, deps),
    ...composeAdministration(foundation, {
      ...facts,
      secondFactorRecoveries: authenticators.secondFactorRecoveries,
      accountExport: settings.accountExport,
      heldAuthenticators: settings.heldAuthenticators,
      passwordReset: recovery.passwordReset,
    }),
    ...composeRegistrations(foundation, {
      ...below,
      emailLinks: settings.emailLinks,
      upstreamLinks: settings.upstreamLinks,
    }),
    ...recovery,
  };
}
