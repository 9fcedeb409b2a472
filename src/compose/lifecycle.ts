import type { Db } from '../db/database.ts';
import { accountImport, type Import } from '../domain/import/import.ts';
import { type Lifecycle, lifecycle } from '../domain/lifecycle/lifecycle.ts';
import { type Releases, releases } from '../domain/lifecycle/releases.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';

/** The lifecycle of an account, from creation to deletion. */
export interface ComposedLifecycle {
  accountImport: Import;
  lifecycle: Lifecycle;
  lifecycleIn(db: Db): Lifecycle;
  releases: Releases;
}

export function composeLifecycle(foundation: Foundation, facts: Facts): ComposedLifecycle {
  const { config, db, keyring, clock, digest, hasher, views } = foundation;
  const { credentialsIn: credentials, outboxIn: outbox } = facts;
  const { consentRecords, erasureReceipts } = facts;
  const lifecycleIn = (on: Db) =>
    lifecycle({ db: on, keyring, credentials, outbox, consentRecords, erasureReceipts });
  return {
    accountImport: accountImport({
      ...{ db, keyring, clock, digest, hasher, lifecycleIn },
      titles: facts.titles,
      settings: {
        countries: config.oneTimeCodes.countries,
        timeZone: config.server.timeZone,
        locales: views.locales,
      },
    }),
    lifecycle: lifecycleIn(db),
    lifecycleIn,
    releases: releases({ db, keyring, outbox }),
  };
}
