import type { JsonWebKey } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { KeyState, PrivateSigningKey, SigningAlg, SigningKey } from './signing-key.ts';

const CONTEXT = 'signing_keys.jwk_sealed';

interface Row {
  kid: string;
  alg: SigningAlg;
  state: KeyState;
  jwk_sealed: Buffer;
  created_at: Date;
  changed_at: Date;
}

const keyOf = (row: Row): SigningKey => ({
  kid: row.kid,
  alg: row.alg,
  state: row.state,
  createdAt: row.created_at,
  changedAt: row.changed_at,
});

export async function listKeys(db: Db): Promise<SigningKey[]> {
  const rows = (await db('signing_keys').orderBy(['alg', 'created_at']).select()) as Row[];
  return rows.map(keyOf);
}

/** The published keys with their private parts, in the order current, next, previous. */
export async function readPublishedKeys(db: Db, keyring: Keyring): Promise<PrivateSigningKey[]> {
  const rows = (await db('signing_keys')
    .whereNot({ state: 'removed' })
    .orderByRaw("array_position(array['current', 'next', 'previous'], state), changed_at desc")
    .select()) as Row[];
  return rows.map((row) => ({
    ...keyOf(row),
    jwk: JSON.parse(keyring.openText(CONTEXT, row.jwk_sealed, row.kid)) as JsonWebKey,
  }));
}

export async function insertKey(
  db: Db,
  keyring: Keyring,
  key: { kid: string; alg: SigningAlg; jwk: JsonWebKey; state: KeyState },
): Promise<void> {
  await db('signing_keys')
    .insert({
      kid: key.kid,
      alg: key.alg,
      state: key.state,
      jwk_sealed: keyring.seal(CONTEXT, JSON.stringify(key.jwk), key.kid),
    })
    // if another process has created the key at the same time, its key is kept
    .onConflict()
    .ignore();
}

/** Moves the keys of an algorithm from one state to another. */
export async function moveKeys(db: Db, alg: SigningAlg, from: KeyState, to: KeyState): Promise<void> {
  await db('signing_keys')
    .where({ alg, state: from })
    .update({ state: to, changed_at: db.raw('pratu_now()') });
}

/** Removes keys that have been previous for `seconds` and erases their private parts. */
export async function removePrevious(db: Db, seconds: number): Promise<number> {
  return db('signing_keys')
    .where({ state: 'previous' })
    .whereRaw('changed_at <= pratu_now() - make_interval(secs => ?)', [seconds])
    .update({ state: 'removed', jwk_sealed: Buffer.alloc(0), changed_at: db.raw('pratu_now()') });
}

/** The ages in seconds of the keys in a state, youngest first. */
export async function ages(db: Db, state: KeyState): Promise<number[]> {
  const rows = await db('signing_keys')
    .where({ state })
    .select(db.raw('extract(epoch from pratu_now() - changed_at)::float8 as age'))
    .orderBy('age');
  return (rows as { age: number }[]).map(({ age }) => age);
}

/** Serialises the transactions that change keys. */
export async function lockKeys(db: Db): Promise<void> {
  await db('versions').where({ name: 'keys' }).forUpdate().first('version');
}

/**
 * Increments the version that every process watches. The row lock also serialises the transactions that change keys.
 */
export async function raiseKeysVersion(db: Db): Promise<void> {
  await db('versions').where({ name: 'keys' }).increment('version', 1);
}
