import type { Db } from '../../db/database.ts';
import type { Change } from '../../db/one-statement.ts';
import { transaction } from '../../db/transaction.ts';
import { networkOf } from '../../lib/addresses.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { FRESH_SECONDS, knownOrigin, rememberingOrigins, rememberOrigins } from './known-origin-store.ts';

/** Where a request comes from. */
export interface Origin {
  /** The caller's IP address. */
  address: string;
  /** The value of the device cookie, when the caller has one. */
  device?: string | undefined;
}

/** The device and the network of an origin, for a statement that asks for more than them. */
export interface Places {
  /** Digests, the device first. */
  digests: readonly Buffer[];
  /** How long one stays known after its last sign-in. */
  days: number;
  /** How long one that was recorded is not recorded again. */
  freshSeconds: number;
}

/** The devices and networks from which an account signed in. */
export interface KnownOrigins {
  /** A digest of the known device or network of this origin; undefined when the account never signed in from there. */
  find(accountId: number | undefined, origin: Origin): Promise<Buffer | undefined>;
  /** Whether the account signed in from there in the last days; never for one that there is not. */
  isKnown(accountId: number | undefined, origin: Origin): Promise<boolean>;
  placesOf(origin: Origin): Places;
  /** A short digest of the caller's network, to tell whether failures come from one network or from many. */
  networkTag(origin: Origin): string;
  /** Remembers where the account signed in from: strangers cannot use up the attempts of these places. */
  remember(accountId: number, origin: Origin): Promise<void>;
  /**
   * Like `remember`, but within the statement that `write` executes: the changes that it receives belong in it. If the
   * owner is notified of new places, the place is recorded in an earlier transaction, and `write` receives no changes.
   * When this rejects, `write` has written nothing.
   */
  rememberIn(
    accountId: number,
    origin: Origin,
    write: (parts: readonly Change[]) => Promise<void>,
  ): Promise<void>;
}

/** Digests of every place that is remembered of an account, in the caller's transaction. */
export { readOrigins as originsOf } from './known-origin-store.ts';

export interface KnownOriginsDeps {
  db: Db;
  digest: LastingDigest;
  /** How long an origin stays known after its last sign-in. */
  days: number;
  /** Told when neither the device nor the network was recorded, in the transaction that records them. */
  onNew?: ((tx: Db, accountId: number) => Promise<void>) | undefined;
}

const TAG_CHARACTERS = 8;

/** No account has this number: an unknown identifier costs the same statements. */
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
    remember,
    async rememberIn(accountId, origin, write) {
      if (!onNew) return write([rememberingOrigins(accountId, digestsOf(origin))]);
      // one after the other: when the first fails, the caller takes nothing for written
      await remember(accountId, origin);
      await write([]);
    },
  };
}
