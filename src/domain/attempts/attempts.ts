import type { Config } from '../../config/config.ts';
import type { Db } from '../../db/database.ts';
import { addressKey, networkOf } from '../../lib/addresses.ts';
import type { LastingDigest } from '../keys/lasting-digest.ts';
import { takeAll } from './budget.ts';
import type { Counters } from './counters.ts';
import { knownOrigin, rememberOrigins } from './origin-store.ts';

/** Where a guess comes from. */
export interface Origin {
  /** The caller's IP address. */
  address: string;
  /** The value of the device cookie, when the caller has one. */
  device?: string | undefined;
}

/** What a guess is about: an account, under whichever of its names, or a name that no account has. */
export interface Subject {
  accountId: number | undefined;
  /** The name as the person gave it, normalised; counted in place of an account. */
  name: string;
  /**
   * Counted by its name even where an account has it. Card numbers follow one another: whoever runs through them must
   * neither lock accounts nor see, by what is locked, which account a card belongs to.
   */
  isCard?: boolean;
}

export interface Reservation {
  /** The guess was right, or was not looked at after all: it does not count. */
  giveBack(): Promise<void>;
}

export interface Attempts {
  /**
   * Takes a try before the guess is looked at: of the account or its card number, of the address, and of the whole
   * deployment where the account is not known at this place. Throws `TOO_MANY_ATTEMPTS` when none is left, for a right
   * guess as for a wrong one.
   */
  reserve(subject: Subject, origin: Origin): Promise<Reservation>;
  /**
   * Whether a refusal is worth a row of its own: the first of a name in a window, or the first `most`, and some of an
   * address. Whoever goes on guessing past a limit fills nothing.
   */
  isNews(subject: Subject, origin: Origin, most?: number): Promise<boolean>;
  /** Whether the account signed in from there in the last days; never for one that there is not. */
  isKnown(accountId: number | undefined, origin: Origin): Promise<boolean>;
  /** Remembers where the account signed in from: strangers cannot use up the tries of these places. */
  remember(accountId: number, origin: Origin): Promise<void>;
}

interface Deps {
  db: Db;
  digest: LastingDigest;
  /** Counts of accounts: in the database, which no restart or flush forgets. */
  accountCounters: Counters;
  /** Counts of addresses: in Redis where there is one. */
  addressCounters: Counters;
  limits: Config['attempts'];
  /** Told each time that the limit of the whole deployment refuses. */
  onAlert: () => void;
}

/** Names whose refusal is noted for one address in a window. */
const REFUSALS_OF_AN_ADDRESS = 20;

/** No account has this number: a name that nobody has costs the same statements. */
const NOBODY = 0;

/** What the tries of a subject are counted under. */
const counted = ({ accountId, name, isCard }: Subject): string =>
  accountId === undefined || isCard ? `name ${name}` : `account ${accountId}`;

export function attempts(deps: Deps): Attempts {
  const { db, digest, accountCounters, addressCounters, limits, onAlert } = deps;
  const originsOf = ({ address, device }: Origin): Buffer[] => [
    ...(device ? [digest('device', device)] : []),
    digest('network', networkOf(address)),
  ];

  const known = (accountId = NOBODY, origin: Origin): Promise<Buffer | undefined> =>
    knownOrigin(db, accountId, originsOf(origin), limits.knownDeviceDays);

  return {
    async reserve(subject, origin) {
      const place = await known(subject.accountId, origin);
      const giveBack = await takeAll(addressCounters, [
        {
          name: `password ${counted(subject)}${place ? ` ${place.toString('hex')}` : ''}`,
          limit: limits.perAccount,
          windowSeconds: limits.windowSeconds,
          counters: accountCounters,
        },
        {
          name: `password address ${addressKey(origin.address)}`,
          limit: limits.perAddress,
          windowSeconds: limits.addressWindowSeconds,
          // the contract of a throttle: a quarter of an hour at most before the next try makes sense
          longestWait: limits.windowSeconds,
        },
        // a place that signed in to this account before does not pay for guesses at others
        ...(place
          ? []
          : [
              {
                name: 'password total',
                limit: limits.inTotal,
                windowSeconds: limits.totalWindowSeconds,
                onRefused: onAlert,
              },
            ]),
      ]);
      // a count that could not be given back ends with its window; it is no reason to refuse a right password
      return { giveBack: () => giveBack().catch(() => {}) };
    },
    async isNews(subject, { address }, most = 1) {
      const { windowSeconds } = limits;
      const refused = await accountCounters.takeAll([
        { name: `refusal ${counted(subject)}`, limit: most, windowSeconds },
        { name: `refusal address ${addressKey(address)}`, limit: REFUSALS_OF_AN_ADDRESS, windowSeconds },
      ]);
      return refused === undefined;
    },
    isKnown: async (accountId, origin) => (await known(accountId, origin)) !== undefined,
    remember: (accountId, origin) => rememberOrigins(db, accountId, originsOf(origin)),
  };
}
