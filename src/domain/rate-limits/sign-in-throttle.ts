import type { Config } from '../../config/config.ts';
import type { Change } from '../../db/one-statement.ts';
import { addressKey } from '../../lib/addresses.ts';
import type { KnownOrigins, Origin } from '../known-origins/known-origins.ts';
import type { Counters } from './counters.ts';
import { consumeAll, type Limit } from './limits.ts';
import { refusalCounter } from './refusals.ts';

/** The subject of a guess: an account, by any of its identifiers, or an identifier that no account has. */
export interface Subject {
  accountId: number | undefined;
  /** As entered by the person, normalised; counted in place of an account. */
  identifier: string;
  /**
   * Counted by its identifier even if an account has it. Card numbers are consecutive: an attacker who tries one after
   * another must neither lock accounts nor learn from the locks which account a card belongs to.
   */
  isCard?: boolean;
}

export interface Reservation {
  /** Refunds the attempt: the guess was right, or was not checked after all. */
  refund(): Promise<void>;
  /**
   * Refunds the attempt of a right guess, in one statement with the rows that it writes (`Counters.refundWith`). They
   * are durable with the next commit, which is that of the operation that the sign-in was for. On failure, nothing is
   * written or refunded.
   */
  refundWith(parts: readonly Change[]): Promise<void>;
}

export interface SignInThrottle {
  /**
   * Consumes an attempt before the guess is checked: of the account or its card number, of the address, and of the
   * whole deployment if the account is not known at this place. Throws `TOO_MANY_ATTEMPTS` when none is left, for right
   * and wrong guesses alike. `known` is for callers that have already read the known place of this origin.
   */
  reserve(subject: Subject, origin: Origin, known?: { place: Buffer | undefined }): Promise<Reservation>;
  /**
   * Consumes an attempt at the second factor of an account: at this network, across all networks, of the address, and
   * of the whole deployment if the network is not known. Throws `TOO_MANY_ATTEMPTS`.
   */
  reserveSecondFactor(accountId: number, origin: Origin): Promise<Reservation>;
  /**
   * Consumes an attempt of a browser and of its address, for credentials that cannot be guessed: the limits bound the
   * work. `browser` is a digest. Throws `TOO_MANY_ATTEMPTS`.
   */
  reservePasskey(browser: string, origin: Origin): Promise<Reservation>;
}

interface Deps {
  knownOrigins: Pick<KnownOrigins, 'find'>;
  /** The counters of accounts: in the database, where no restart or flush resets them. */
  accountCounters: Counters;
  /** The counters of addresses: in Redis, if it is configured. */
  addressCounters: Counters;
  limits: Config['attempts'];
  /** Called each time that the limit of the whole deployment refuses. */
  onAlert: () => void;
}

/** Returns the name that the attempts of a subject are counted under. */
export const counted = ({ accountId, identifier, isCard }: Subject): string =>
  accountId === undefined || isCard ? `name ${identifier}` : `account ${accountId}`;

/**
 * Returns the name that guesses at the second factor of an account are counted under, from any origin. No identifier is
 * counted under it: otherwise wrong passwords for an identifier of this text would lock the account.
 */
const secondFactorName = (accountId: number): string => `second factor ${accountId}`;

/** Returns the counter of wrong passwords of an account from places that are not known to it. */
export const passwordLockName = (accountId: number): string =>
  `password ${counted({ accountId, identifier: '' })}`;

/** Returns every counter that can keep an account from signing in with its password, and those of recorded refusals. */
export const passwordLockNames = (accountId: number, places: readonly Buffer[]): string[] => {
  const name = passwordLockName(accountId);
  return [
    name,
    ...places.map((place) => `${name} ${place.toString('hex')}`),
    `password ${secondFactorName(accountId)}`,
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

  const ofAccount = (name: string, place?: Buffer): Limit => ({
    name: `password ${name}${place ? ` ${place.toString('hex')}` : ''}`,
    limit: limits.perAccount,
    label: 'account',
    windowSeconds: limits.windowSeconds,
    counters: accountCounters,
  });

  const ofAddress = ({ address }: Origin): Limit => ({
    name: `password address ${addressKey(address)}`,
    limit: limits.perAddress,
    label: 'address',
    windowSeconds: limits.addressWindowSeconds,
    // the contract of a throttle: the next attempt makes sense after a quarter of an hour at most
    longestWait: limits.windowSeconds,
  });

  /** A place that signed in to the account before is not affected by guesses at other accounts. */
  const ofDeployment = (place: Buffer | undefined): Limit[] => (place ? [] : [total]);

  async function reservation(...wanted: Limit[]): Promise<Reservation> {
    const refund = await consumeAll(addressCounters, wanted);
    // a count that could not be refunded ends with its window; it is no reason to refuse a right password
    return { refund: () => refund().catch(() => {}), refundWith: refund };
  }

  return {
    async reserve(subject, origin, known) {
      const { place } = known ?? { place: await knownOrigins.find(subject.accountId, origin) };
      return reservation(ofAccount(counted(subject), place), ofAddress(origin), ...ofDeployment(place));
    },
    async reserveSecondFactor(accountId, { address }) {
      // the device is not considered: the right password has just made it a known one
      const place = await knownOrigins.find(accountId, { address });
      return reservation(
        ofAccount(counted({ accountId, identifier: '' }), place),
        // across all networks: the right password makes any network a known one, with a count of its own
        ofAccount(secondFactorName(accountId)),
        ofAddress({ address }),
        ...ofDeployment(place),
      );
    },
    reservePasskey: (browser, origin) => reservation(ofAccount(`passkey ${browser}`), ofAddress(origin)),
  };
}
