import type { Config } from '../config/config.ts';
import type { Db } from '../db/database.ts';
import { channelsOf } from '../domain/messages/channels.ts';
import { outbox } from '../domain/messages/outbox.ts';
import { templates } from '../domain/messages/templates.ts';
import { databaseCounters } from '../domain/rate-limits/counters.ts';
import type { LastingDigest } from '../domain/secrets/lasting-digest.ts';
import type { Keyring } from '../lib/keyring.ts';

interface Deps {
  config: Config;
  keyring: Keyring;
  digest: LastingDigest;
}

/** What is sent to people, and by which channels. */
export function composeMessages({ config, keyring, digest }: Deps) {
  const writers = templates({
    productName: config.pages.productName,
    supportUri: config.pages.supportUri,
    originBound: config.oneTimeCodes.originBound,
  });
  const channels = channelsOf(config.messages);
  /** The outbox in a transaction of the caller's. */
  const outboxIn = (db: Db) =>
    outbox({
      db,
      keyring,
      digest,
      templates: writers,
      counters: databaseCounters({ db }),
      channels,
      retainContent: config.messages.outbox,
      limits: config.messages,
      maxAttempts: config.messages.maxAttempts,
    });
  return { channels, outboxIn, templates: writers };
}
