import type { Config } from '../../config/config.ts';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { addressKey, networkOf } from '../../lib/addresses.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Counters } from './counters.ts';
import { knownOrigin, rememberOrigins } from './origin-store.ts';

/** Where a guess comes from. */
export interface Origin {
  /** The caller's IP address. */
  address: string;
  /** The value of the device cookie, when the caller has one. */
  device?: string | undefined;
}

/** What a guess is about: an account, or a name that no account has; cards are counted on their own. */
export interface Subject {
  accountId: number | undefined;
  /** The name as the person gave it, normalised; counted in place of an account. */
  name: string;
  byCard: boolean;
}

export interface Reservation {
  /** The guess was right: it does not count. */
  giveBack(): Promise<void>;
}

export interface Attempts {
  /**
   * Takes a try before the guess is looked at. Throws `TOO_MANY_ATTEMPTS` when none is left, for a right guess as
   * for a wrong one.
   */
  reserve(subject: Subject, origin: Origin): Promise<Reservation>;
  /** Remembers where the account signed in from: strangers cannot use up the tries of these places. */
  remember(accountId: number, origin: Origin): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  /** Counts of accounts: in the database, which no restart or flush forgets. */
  accountCounters: Counters;
  /** Counts of addresses: in Redis where there is one. */
  addressCounters: Counters;
  limits: Config['attempts'];
}

export function attempts({ db, keyring, accountCounters, addressCounters, limits }: Deps): Attempts {
  const originsOf = ({ address, device }: Origin): Buffer[] => [
    ...(device ? [keyring.digest('device', device)] : []),
    keyring.digest('network', networkOf(address)),
  ];

  async function counterOf({ accountId, name, byCard }: Subject, origin: Origin): Promise<string> {
    if (byCard) return `password card ${name}`;
    if (accountId === undefined) return `password name ${name}`;
    const known = await knownOrigin(db, accountId, originsOf(origin), limits.knownDeviceDays);
    return `password account ${accountId}${known ? ` ${known.toString('hex')}` : ''}`;
  }

  return {
    async reserve(subject, origin) {
      const counter = await counterOf(subject, origin);
      const byAddress = `password address ${addressKey(origin.address)}`;
      const account = await accountCounters.take(counter, limits.perAccount, limits.windowSeconds);
      if (!account.taken) throw new AppError('TOO_MANY_ATTEMPTS', { retryAfter: account.retryAfter });
      const address = await addressCounters.take(byAddress, limits.perAddress, limits.addressWindowSeconds);
      if (!address.taken) {
        await accountCounters.giveBack(counter);
        // the contract of a throttle: a quarter of an hour at most before the next try makes sense
        const retryAfter = Math.min(address.retryAfter, limits.windowSeconds);
        throw new AppError('TOO_MANY_ATTEMPTS', { retryAfter });
      }
      return {
        async giveBack() {
          await Promise.all([accountCounters.giveBack(counter), addressCounters.giveBack(byAddress)]);
        },
      };
    },
    remember: (accountId, origin) => rememberOrigins(db, accountId, originsOf(origin)),
  };
}
