import type { Config } from '../../config/config.ts';
import type { Change } from '../../db/one-statement.ts';
import { addressKey } from '../../lib/addresses.ts';
import type { KnownOrigins, Origin } from '../known-origins/known-origins.ts';
import type { Counters } from './counters.ts';
import { consumeAll, type Limit } from './limits.ts';
import { refusalCounter } from './refusals.ts';

/** What a guess is about: an account, under whichever of its identifiers, or an identifier that no account has. */
export interface Subject {
  accountId: number | undefined;
  /** As the person gave it, normalised; counted in place of an account. */
  identifier: string;
  /**
   * Counted by its identifier even where an account has it. Card numbers follow one another: anyone who runs through
   * them must neither lock accounts nor see, by what is locked, which account a card belongs to.
   */
  isCard?: boolean;
}

export interface Reservation {
  /** The guess was right, or was not checked after all: it does not count. */
  refund(): Promise<void>;
  /**
   * The same of a right guess, in one statement with the rows that it leaves behind (`Counters.refundWith`). They are
   * durable with the next commit, which is that of what the sign-in was for. When it fails, nothing is written or
   * given back.
   */
  refundWith(parts: readonly Change[]): Promise<void>;
}

export interface SignInThrottle {
  /**
   * Consumes an attempt before the guess is checked: of the account or its card number, of the address, and of the
   * whole deployment where the account is not known at this place. Throws `TOO_MANY_ATTEMPTS` when none is left, for
   * a right guess as for a wrong one. `known` is for callers that have read the known place of this origin already.
   */
  reserve(subject: Subject, origin: Origin, known?: { place: Buffer | undefined }): Promise<Reservation>;
}

interface Deps {
  knownOrigins: Pick<KnownOrigins, 'find'>;
  /** Counts of accounts: in the database, which no restart or flush forgets. */
  accountCounters: Counters;
  /** Counts of addresses: in Redis where there is one. */
  addressCounters: Counters;
  limits: Config['attempts'];
  /** Told each time that the limit of the whole deployment refuses. */
  onAlert: () => void;
}

/** What the attempts of a subject are counted under. */
export const counted = ({ accountId, identifier, isCard }: Subject): string =>
  accountId === undefined || isCard ? `name ${identifier}` : `account ${accountId}`;

/** What guesses at the second factor of an account are counted under, wherever they come from. */
export const secondFactorName = (accountId: number): string => `second factor ${accountId}`;

/** The counter of wrong passwords of an account from places that are not known to it. */
export const passwordLockName = (accountId: number): string =>
  `password ${counted({ accountId, identifier: '' })}`;

/** Every counter that can keep an account from signing in with its password, and the notes of such refusals. */
export const passwordLockNames = (accountId: number, places: readonly Buffer[]): string[] => {
  const name = passwordLockName(accountId);
  return [
    name,
    ...places.map((place) => `${name} ${place.toString('hex')}`),
    `password ${counted({ accountId: undefined, identifier: secondFactorName(accountId) })}`,
    ...(['sign_in.refused', 'reauthentication.refused', 'second_factor.refused'] as const).map((event) =>
      refusalCounter(event, counted({ accountId, identifier: '' })),
    ),
  ];
};

export function signInThrottle(deps: Deps): SignInThrottle {
  const { knownOrigins, accountCounters, addressCounters, limits, onAlert } = deps;

  const total: Limit = {
    name: 'password total',
    limit: limits.inTotal,
    label: 'deployment',
    windowSeconds: limits.totalWindowSeconds,
    onRefused: onAlert,
  };

  return {
    async reserve(subject, origin, known) {
      const { place } = known ?? { place: await knownOrigins.find(subject.accountId, origin) };
      const refund = await consumeAll(addressCounters, [
        {
          name: `password ${counted(subject)}${place ? ` ${place.toString('hex')}` : ''}`,
          limit: limits.perAccount,
          label: 'account',
          windowSeconds: limits.windowSeconds,
          counters: accountCounters,
        },
        {
          name: `password address ${addressKey(origin.address)}`,
          limit: limits.perAddress,
          label: 'address',
          windowSeconds: limits.addressWindowSeconds,
          // the contract of a throttle: a quarter of an hour at most before the next attempt makes sense
          longestWait: limits.windowSeconds,
        },
        // a place that signed in to this account before does not pay for guesses at others
        ...(place ? [] : [total]),
      ]);
      // a count that could not be given back ends with its window; it is no reason to refuse a right password
      return { refund: () => refund().catch(() => {}), refundWith: refund };
    },
  };
}
