import type { Db } from '../../db/database.ts';
import type { Change } from '../../db/one-statement.ts';
import { transaction } from '../../db/transaction.ts';
import { networkOf } from '../../lib/addresses.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { FRESH_SECONDS, knownOrigin, rememberingOrigins, rememberOrigins } from './known-origin-store.ts';

/** The origin of a request. */
export interface Origin {
  /** The caller's IP address. */
  address: string;
  /** The value of the device cookie, if the caller has one. */
  device?: string | undefined;
}

/** The device and the network of an origin, for a statement that also reads other data. */
export interface Places {
  /** Digests, the device first. */
  digests: readonly Buffer[];
  /** How long a place stays known after its last sign-in. */
  days: number;
  /** How long a recorded place is not recorded again. */
  freshSeconds: number;
}

/** The devices and networks from which an account signed in. */
export interface KnownOrigins {
  /**
   * Returns a digest of the known device or network of this origin; undefined if the account has not signed in from
   * there.
   */
  find(accountId: number | undefined, origin: Origin): Promise<Buffer | undefined>;
  /** Returns whether the account recently signed in from there; false if there is no account. */
  isKnown(accountId: number | undefined, origin: Origin): Promise<boolean>;
  placesOf(origin: Origin): Places;
  /** Returns a short digest of the caller's network, to show whether failures come from one network or many. */
  networkTag(origin: Origin): string;
  /**
   * Records where the account signed in from: other clients cannot use up the attempts of these places. It happens
   * within the statement that `write` executes, which must include the changes passed to it. If the owner is notified
   * of new places, the place is recorded in an earlier transaction, and `write` receives no changes. If this rejects,
   * `write` has written nothing.
   */
  rememberIn(
    accountId: number,
    origin: Origin,
    write: (parts: readonly Change[]) => Promise<void>,
  ): Promise<void>;
}

/** Returns the digests of every place recorded for an account, in the caller's transaction. */
export { readOrigins as originsOf } from './known-origin-store.ts';

export interface KnownOriginsDeps {
  db: Db;
  digest: LastingDigest;
  /** How long an origin stays known after its last sign-in. */
  days: number;
  /** Called if neither the device nor the network had been recorded before, in the transaction that records them. */
  onNew?: ((tx: Db, accountId: number) => Promise<void>) | undefined;
}

const TAG_CHARACTERS = 8;

/** An ID that no account has: an unknown identifier costs the same statements. */
const NOBODY = 0;

export function knownOrigins({ db, digest, days, onNew }: KnownOriginsDeps): KnownOrigins {
  const digestsOf = ({ address, device }: Origin): Buffer[] => [
    ...(device ? [digest('device', device)] : []),
    digest('network', networkOf(address)),
  ];
  const find = (accountId = NOBODY, origin: Origin): Promise<Buffer | undefined> =>
    knownOrigin(db, accountId, digestsOf(origin), days);

  async function remember(accountId: number, origin: Origin): Promise<void> {
    const origins = digestsOf(origin);
    if (!onNew) return void (await rememberOrigins(db, accountId, origins));
    await transaction(db, async (tx) => {
      if ((await rememberOrigins(tx, accountId, origins)) === origins.length) await onNew(tx, accountId);
    });
  }

  return {
    find,
    placesOf: (origin) => ({ digests: digestsOf(origin), days, freshSeconds: FRESH_SECONDS }),
    networkTag: ({ address }) =>
      digest('network', networkOf(address)).toString('hex').slice(0, TAG_CHARACTERS),
    isKnown: async (accountId, origin) => (await find(accountId, origin)) !== undefined,
    async rememberIn(accountId, origin, write) {
      if (!onNew) return write([rememberingOrigins(accountId, digestsOf(origin))]);
      // in sequence: if the first fails, the caller assumes that nothing was written
      await remember(accountId, origin);
      await write([]);
    },
  };
}
