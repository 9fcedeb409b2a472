import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { mainContact } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { nationalIds } from '../accounts/national-ids.ts';
import { notify } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import { contacts } from '../contacts/contacts.ts';
import type { Outbox } from '../messages/outbox.ts';

/** What the operator takes off an account whose holder can no longer prove it. */
export interface Releases {
  /** Frees every mobile of the account, for a recycled number; false when it had none. */
  mobile(accountId: number): Promise<boolean>;
  /** Frees the national id, which nothing ever proved; false when it had none. */
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
      const account = await existing(tx, id);
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
