import type { Config } from '../config/config.ts';
import type { Db } from '../db/database.ts';
import { channelsOf } from '../domain/messages/channels.ts';
import { outbox } from '../domain/messages/outbox.ts';
import { templates } from '../domain/messages/templates.ts';
import { databaseCounters } from '../domain/rate-limits/counters.ts';
import type { LastingDigest } from '../domain/secrets/lasting-digest.ts';
import type { Views } from '../domain/views/views.ts';
import type { Clock } from '../lib/clock.ts';
import type { Keyring } from '../lib/keyring.ts';
import type { Tracing } from '../lib/tracing.ts';
import { accentsOf } from '../pages/kit/brand.ts';

interface Deps {
  config: Config;
  clock: Clock;
  keyring: Keyring;
  digest: LastingDigest;
  views: Views;
  tracing: Tracing | undefined;
}

/** The host that SMS codes are bound to. Defaults to the host of an https issuer; undefined for no binding. */
export function originBound({ server, oneTimeCodes }: Config): string | undefined {
  if (oneTimeCodes.originBound)
    return oneTimeCodes.originBound === 'off' ? undefined : oneTimeCodes.originBound;
  const { protocol, hostname } = new URL(server.issuer);
  return protocol === 'https:' ? hostname : undefined;
}

/** The messages to people, and their channels. */
export function composeMessages({ config, clock, keyring, digest, views, tracing }: Deps) {
  const { pages } = config;
  const writers = templates({
    views,
    productName: pages.productName,
    supportUri: pages.supportUri,
    issuer: config.server.issuer,
    timeZone: config.server.timeZone,
    brand: {
      ...accentsOf(pages.accentColour),
      corner: pages.cornerRadius,
      fonts: pages.fontFamily,
      logo: pages.logoUri?.startsWith('https:') ? pages.logoUri : undefined,
    },
    originBound: originBound(config),
  });
  const channels = channelsOf(config.messages);
  /** Returns the outbox for a transaction of the caller. */
  const outboxIn = (db: Db) =>
    outbox({
      db,
      keyring,
      digest,
      templates: writers,
      clock,
      counters: databaseCounters({ db }),
      channels,
      retainContent: config.messages.outbox,
      limits: config.messages,
      maxAttempts: config.messages.maxAttempts,
      tracing,
    });
  return { channels, outboxIn, templates: writers };
}
