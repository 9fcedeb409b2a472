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

/** Refunds a message that was counted. */
export type MessageRefund = () => Promise<void>;

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
 * Returns the parts of limits that are reserved for addresses that have not requested a code today. `consume` counts a
 * message against limits, and discards the note of this request when they refuse or when the message is refunded.
 */
function reservations(counters: Counters, address: string) {
  const noted: string[] = [];
  const undo = async (): Promise<void> => {
    if (noted.length > 0) await counters.refund(...noted);
  };
  return {
    /** Returns `share` if the caller has already requested the number, the e-mail or the prefix today; otherwise 0. */
    async of(asked: string, share: number): Promise<number> {
      const name = `code asked ${asked} ${addressKey(address)}`;
      if (!(await counters.consume(name, 1, DAY_SECONDS)).taken) return share;
      noted.push(name);
      return 0;
    },
    async consume(limits: readonly Limit[]): Promise<MessageRefund> {
      try {
        const refund = await consumeAll(counters, limits);
        return async () => {
          await refund();
          await undo();
        };
      } catch (error) {
        await undo();
        throw error;
      }
    },
  };
}

/**
 * Sends a message that was counted. If that fails, refunds the message, so that the next request is not told that it is
 * on its way. A failure of the refund is ignored.
 */
export async function sendCounted<T>(refund: MessageRefund, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    await refund().catch(() => {});
    throw error;
  }
}

/**
 * Counts a code by mail, or throws. Returns a function that refunds it. If anyone can have one sent, the last few of an
 * e-mail address are reserved, like those of a number. People who have completed a first factor can use all of them.
 */
export async function consumeMailLimits(
  { counters, settings }: Pick<Deps, 'counters' | 'settings'>,
  email: string,
  { address }: Pick<CodeAsker, 'address'>,
  { isAnyone }: { isAnyone: boolean },
): Promise<MessageRefund> {
  const reserved = reservations(counters, address);
  const share = isAnyone ? await reserved.of(email, settings.keptForOthers) : 0;
  return reserved.consume([addressLimit(address, settings), ...contactLimits(email, settings, share)]);
}

/**
 * Counts one paid message against every limit that applies to it, or throws. Returns a function that refunds it. The
 * last few messages of a number and of its prefix are reserved for addresses that have not requested one today.
 * Strangers therefore cannot keep the owner of a number from receiving a code.
 */
export async function consumeSendLimits(
  deps: Deps,
  mobile: string,
  { address, clientId }: CodeAsker,
): Promise<MessageRefund> {
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
  return reservation.consume([
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
}
