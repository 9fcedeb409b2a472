import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';

const CONTEXT = 'accounts.national_id_sealed';
const LOOKUP = 'accounts.national_id_digest';

/** The digests that find a national ID, one under each key, newest key first. One of them is stored. */
export const nationalIdDigests = (keyring: Keyring, nationalId: string): Buffer[] =>
  keyring.digests(LOOKUP, nationalId);

/** A national ID as it is stored in the account's row. */
export const sealNationalId = (keyring: Keyring, accountId: number, nationalId: string): Buffer =>
  keyring.seal(CONTEXT, nationalId, String(accountId));

/**
 * National IDs: encrypted at rest, looked up by a keyed digest and never logged. Disclosed in full only by the owner's
 * profile and data export, and by claims of the scope `thai_id`.
 */
export interface NationalIds {
  /** Throws `NATIONAL_ID_TAKEN` if another account has it. */
  set(accountId: number, nationalId: string): Promise<void>;
  read(accountId: number): Promise<string | undefined>;
  /** The ID of the account with this national ID. */
  find(nationalId: string): Promise<number | undefined>;
  /** Removes the national ID from the account. Returns false if the account had none. */
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
