import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';

const CONTEXT = 'accounts.national_id_sealed';
const LOOKUP = 'accounts.national_id_digest';

/** What finds a national id: its digests under every key, newest first, the one that is stored. */
export const nationalIdDigests = (keyring: Keyring, nationalId: string): Buffer[] =>
  keyring.digests(LOOKUP, nationalId);

/** A national id as the account's row has it. */
export const sealNationalId = (keyring: Keyring, accountId: number, nationalId: string): Buffer =>
  keyring.seal(CONTEXT, nationalId, String(accountId));

/** National ids: encrypted for their owner, found through a keyed digest, in no log and no other answer. */
export interface NationalIds {
  /** Throws `NATIONAL_ID_TAKEN` when another account has it. */
  set(accountId: number, nationalId: string): Promise<void>;
  read(accountId: number): Promise<string | undefined>;
  /** The id of the account with this number. */
  find(nationalId: string): Promise<number | undefined>;
  /** Takes it off the account; false when the account had none. */
  remove(accountId: number): Promise<boolean>;
}

export const nationalIds = ({ db, keyring }: { db: Db; keyring: Keyring }): NationalIds => ({
  async set(accountId, nationalId) {
    try {
      await db('accounts')
        .where({ id: accountId })
        .update({
          national_id_sealed: sealNationalId(keyring, accountId, nationalId),
          national_id_digest: keyring.digest(LOOKUP, nationalId),
        });
    } catch (error) {
      throw violated(error) ?? error;
    }
  },
  async read(accountId) {
    const row = await db('accounts').where({ id: accountId }).first('national_id_sealed');
    return row?.national_id_sealed
      ? keyring.openText(CONTEXT, row.national_id_sealed, String(accountId))
      : undefined;
  },
  async find(nationalId) {
    const row = await db('accounts')
      .whereIn('national_id_digest', nationalIdDigests(keyring, nationalId))
      .first('id');
    return row?.id;
  },
  async remove(accountId) {
    const changed = await db('accounts')
      .where({ id: accountId })
      .whereNotNull('national_id_digest')
      .update({ national_id_sealed: null, national_id_digest: null });
    return changed > 0;
  },
});
