import type { Db } from '../db/database.ts';
import { type Lifecycle, lifecycle } from '../domain/lifecycle/lifecycle.ts';
import { type Releases, releases } from '../domain/lifecycle/releases.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';

/** An account from its beginning to its end. */
export interface ComposedLifecycle {
  lifecycle: Lifecycle;
  lifecycleIn(db: Db): Lifecycle;
  releases: Releases;
}

export function composeLifecycle({ db, keyring }: Foundation, facts: Facts): ComposedLifecycle {
  const { credentialsIn: credentials, outboxIn: outbox } = facts;
  const lifecycleIn = (on: Db) => lifecycle({ db: on, keyring, credentials, outbox });
  return { lifecycle: lifecycleIn(db), lifecycleIn, releases: releases({ db, keyring, outbox }) };
}
