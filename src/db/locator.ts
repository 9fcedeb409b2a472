import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import pg from 'pg';
import { firstOf } from '../lib/first-of.ts';
import type { PostgresAddress, PostgresHost, Target } from '../lib/postgres-address.ts';
import { AddressSocket } from './address-socket.ts';

/**
 * The destination of a connection. The host is a name, which TLS verifies, or an address, or the folder of a socket.
 */
export interface Place extends PostgresHost {
  /** The address of a host with a name, which several servers may share. */
  address?: string;
}

/** Finds the server among several, and keeps track of the connections to it. */
export interface Locator {
  /** Returns the place for a new connection. Rejects with the error of a host, or with `NO_SERVER`. */
  find(): Promise<Place>;
  /** Discards the place, because the server may be gone or replaced. The next connection searches again. */
  forget(): void;
  /** Discards the place and closes all connections, because the server is no longer suitable. */
  leave(): void;
  /** Registers a connection; `leave` calls `close`. Returns a function that ends the registration. */
  join(close: () => void): () => void;
}

/** The error code if hosts respond, but none meets `target_session_attrs`. */
const NO_SERVER = 'ENOSERVER';

/** How long a place is used for further connections. */
const FRESH_MS = 1000;
/** If a host has not responded after this time, the next one is tried concurrently. */
const AHEAD_MS = 250;

const ROLE = `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as "readOnly"`;

interface Role {
  standby: boolean;
  readOnly: boolean;
}

const FITS: Record<Exclude<Target, 'prefer-standby'>, (role: Role) => boolean> = {
  any: () => true,
  'read-write': ({ readOnly }) => !readOnly,
  'read-only': ({ readOnly }) => readOnly,
  primary: ({ standby }) => !standby,
  standby: ({ standby }) => standby,
};

/** Returns the most informative error: a server that responds reports more than a host that does not. */
function reasonOf(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  const reasons = error.errors.map(reasonOf);
  const isAnswer = (each: unknown): boolean =>
    (each as { code?: string }).code === NO_SERVER || 'severity' in (each as object);
  return reasons.find(isAnswer) ?? reasons[0] ?? error;
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

async function placesOf({ host, port }: PostgresHost): Promise<Place[]> {
  if (host.startsWith('/') || isIP(host) !== 0) return [{ host, port }];
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address }) => ({ host, port, address }));
}

/**
 * Finds a server by the hosts and the target of an address. A search queries the hosts in order until one fits, over
 * its own connections with the options in `connection`. Its result is valid for a second.
 */
export function locator(
  { hosts, isBalanced }: Pick<PostgresAddress, 'hosts' | 'isBalanced'>,
  target: Target,
  connection: pg.ClientConfig,
): Locator {
  const connected = new Set<() => void>();
  let found: { place: Place; until: number } | undefined;
  let search: Promise<Place> | undefined;
  const ordered = isBalanced ? shuffled : <T>(list: T[]): T[] => list;

  async function probe(place: Place, fits: (role: Role) => boolean): Promise<Place> {
    const { host, port, address } = place;
    const client = new pg.Client({ ...connection, stream: () => new AddressSocket(address) });
    Object.assign(client, { host, port });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query<Role>(ROLE);
      if (!fits(rows[0] as Role)) {
        throw Object.assign(new Error(`no host is ${target}`), { code: NO_SERVER });
      }
      return place;
    } finally {
      // not awaited, because the server may be frozen
      client.end().catch(() => {});
    }
  }

  const all = (fits: (role: Role) => boolean): Promise<Place> =>
    firstOf(
      ordered(hosts).map((host) => async () => {
        const places = ordered(await placesOf(host));
        return await firstOf(
          places.map((place) => () => probe(place, fits)),
          AHEAD_MS,
        );
      }),
      AHEAD_MS,
    );

  async function look(): Promise<Place> {
    try {
      if (target !== 'prefer-standby') return await all(FITS[target]);
      return await all(FITS.standby).catch(() => all(FITS.any));
    } catch (error) {
      throw reasonOf(error);
    }
  }

  const forget = (): void => {
    found = undefined;
  };

  return {
    async find() {
      if (found && performance.now() < found.until) return found.place;
      search ??= look()
        .then((place) => {
          found = { place, until: performance.now() + FRESH_MS };
          return place;
        })
        .finally(() => {
          search = undefined;
        });
      return await search;
    },
    forget,
    leave() {
      forget();
      for (const close of [...connected]) close();
    },
    join(close) {
      connected.add(close);
      return () => connected.delete(close);
    },
  };
}
