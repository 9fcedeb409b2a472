import type { Config } from '../../config/config.ts';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll, type Limit } from '../rate-limits/limits.ts';
import { type CodeAsker, isNetworkOf } from './asker.ts';
import { isStopped } from './conversion.ts';
import { prefixOf } from './one-time-code.ts';
import { networksOf } from './one-time-code-store.ts';

interface Deps {
  db: Db;
  keyring: Keyring;
  counters: Counters;
  settings: Config['oneTimeCodes'];
  onAlert: (limit: 'global' | 'conversion') => void;
}

/** The share of a prefix's hourly limit that is reserved for addresses that have not requested a code for it today. */
const RESERVED_PREFIX_SHARE = 0.2;

async function refuseCollapsed(
  { db, keyring, settings, onAlert }: Deps,
  prefix: string,
  address: string,
): Promise<void> {
  const networks = await networksOf(db, prefix, settings.lifetime);
  if (!isStopped(networks, isNetworkOf(keyring, address), settings)) return;
  onAlert('conversion');
  throw new AppError('TOO_MANY_ATTEMPTS', {
    retryAfter: HOUR_SECONDS,
    lock: { limit: 'code_prefix_unused', seconds: HOUR_SECONDS },
  });
}

/** Returns the limits of one number or e-mail address. */
const contactLimits = (contact: string, settings: Deps['settings'], reserved: number): Limit[] => [
  { name: `code pause ${contact}`, limit: 1, windowSeconds: settings.resendAfter, label: 'code_pause' },
  {
    name: `code hour ${contact}`,
    limit: settings.sendsPerHour - reserved,
    windowSeconds: HOUR_SECONDS,
    label: 'code_number',
  },
  {
    name: `code day ${contact}`,
    limit: settings.sendsPerDay - reserved,
    windowSeconds: DAY_SECONDS,
    label: 'code_number',
  },
];

const addressLimit = (address: string, { addressPerHour }: Deps['settings']): Limit => ({
  name: `code address ${addressKey(address)}`,
  limit: addressPerHour,
  windowSeconds: HOUR_SECONDS,
  label: 'code_address',
});

/**
 * Returns the parts of limits that are reserved for addresses that have not requested a code today; `undo` discards the
 * note of this request.
 */
function reservations(counters: Counters, address: string) {
  const noted: string[] = [];
  return {
    /** Returns `share` if the caller has already requested the number, the e-mail or the prefix today; otherwise 0. */
    async of(asked: string, share: number): Promise<number> {
      const name = `code asked ${asked} ${addressKey(address)}`;
      if (!(await counters.consume(name, 1, DAY_SECONDS)).taken) return share;
      noted.push(name);
      return 0;
    },
    async undo(): Promise<void> {
      if (noted.length > 0) await counters.refund(...noted);
    },
  };
}

/**
 * Counts a code by mail, or throws. If anyone can have one sent, the last few of an e-mail address are reserved, like
 * those of a number. People who have completed a first factor can use all of them.
 */
export async function consumeMailLimits(
  { counters, settings }: Pick<Deps, 'counters' | 'settings'>,
  email: string,
  { address }: Pick<CodeAsker, 'address'>,
  { isAnyone }: { isAnyone: boolean },
): Promise<void> {
  const reserved = reservations(counters, address);
  const share = isAnyone ? await reserved.of(email, settings.keptForOthers) : 0;
  try {
    await consumeAll(counters, [addressLimit(address, settings), ...contactLimits(email, settings, share)]);
  } catch (error) {
    await reserved.undo();
    throw error;
  }
}

/**
 * Counts one paid message against every limit that applies to it, or throws. The last few messages of a number and of
 * its prefix are reserved for addresses that have not requested one today. Strangers therefore cannot keep the owner of
 * a number from receiving a code.
 */
export async function consumeSendLimits(
  deps: Deps,
  mobile: string,
  { address, clientId }: CodeAsker,
): Promise<void> {
  const { counters, settings } = deps;
  const prefix = prefixOf(mobile);
  await refuseCollapsed(deps, prefix, address);
  const reservation = reservations(counters, address);
  const reserved = await reservation.of(mobile, settings.keptForOthers);
  // a client requests codes for many people
  const reservedOfPrefix = clientId
    ? 0
    : await reservation.of(prefix, Math.floor(settings.prefixPerHour * RESERVED_PREFIX_SHARE));
  const caller: Limit = clientId
    ? {
        name: `code client ${clientId}`,
        limit: settings.clientPerHour,
        windowSeconds: HOUR_SECONDS,
        label: 'code_client',
      }
    : addressLimit(address, settings);
  try {
    await consumeAll(counters, [
      caller,
      ...contactLimits(mobile, settings, reserved),
      {
        name: `code prefix ${prefix}`,
        limit: settings.prefixPerHour - reservedOfPrefix,
        windowSeconds: HOUR_SECONDS,
        label: 'code_prefix',
      },
      {
        name: 'code global',
        limit: settings.globalPerHour,
        windowSeconds: HOUR_SECONDS,
        label: 'code_deployment',
        refusal: 'UNAVAILABLE',
        onRefused: () => deps.onAlert('global'),
      },
    ]);
  } catch (error) {
    await reservation.undo();
    throw error;
  }
}
