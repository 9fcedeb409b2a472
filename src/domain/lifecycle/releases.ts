import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { mainContact } from '../accounts/account.ts';
import { nationalIds } from '../accounts/national-ids.ts';
import { notify } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import { contacts } from '../contacts/contacts.ts';
import type { Outbox } from '../messages/outbox.ts';
import { changeable } from '../operators/authority.ts';

/**
 * The identifiers that an operator can release from an account whose holder can no longer prove ownership of them.
 * Throws `OPERATOR_PROTECTED` if the account's role is higher than the caller's.
 */
export interface Releases {
  /** Releases every mobile number of the account, for example a recycled one. Returns false when it had none. */
  mobile(accountId: number): Promise<boolean>;
  /** Releases the national ID, which is never verified. Returns false when the account had none. */
  nationalId(accountId: number): Promise<boolean>;
}

export function releases({
  db,
  keyring,
  outbox,
}: {
  db: Db;
  keyring: Keyring;
  outbox: (db: Db) => Outbox;
}): Releases {
  async function release(
    id: number,
    event: 'account.mobile_released' | 'account.national_id_released',
    notice: Parameters<typeof notify>[2],
    take: (tx: Db) => Promise<boolean>,
  ): Promise<boolean> {
    return transaction(db, async (tx) => {
      const account = await changeable(tx, id);
      const taken = await take(tx);
      if (!taken) return false;
      const mobile = mainContact(account, 'mobile')?.value ?? '';
      await notify({ outbox: outbox(tx) }, account, notice, notice === 'mobile-released' ? { mobile } : {});
      await audit({ db: tx }).record({ event, accountId: id });
      return true;
    });
  }

  return {
    mobile: (id) =>
      release(id, 'account.mobile_released', 'mobile-released', async (tx) => {
        const freed = await contacts({ db: tx }).removeAll(id, 'mobile');
        await contacts({ db: tx }).forgetProof(id);
        return freed.length > 0;
      }),
    nationalId: (id) =>
      release(id, 'account.national_id_released', 'national-id-released', (tx) =>
        nationalIds({ db: tx, keyring }).remove(id),
      ),
  };
}
