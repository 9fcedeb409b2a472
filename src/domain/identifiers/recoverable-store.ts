import type { Db } from '../../db/database.ts';
import type { AccountStatus } from '../accounts/account.ts';

/** An account that the reader of one of its addresses can recover. */
export interface Recoverable {
  accountId: number;
  /** The address as the account stores it: mail is sent to no other spelling. */
  email: string;
}

const MAY_RECOVER: readonly AccountStatus[] = ['active', 'pending'];

/**
 * Returns the account that an address recovers: the one on which it is verified, otherwise the first to list it among
 * accounts without a verified contact. A verified contact prevents recovery through unverified addresses. After a
 * recovery through another contact, an address recovers the account only once it is confirmed.
 */
export async function findRecoverable(db: Db, key: string): Promise<Recoverable | undefined> {
  const { rows } = await db.raw(
    `select k.account_id as "accountId", k.value as email, a.status from contacts k
     join accounts a on a.id = k.account_id
     where k.kind = 'email' and k.key = ? and k.unconfirmed_since is null
       and (k.verified_at is not null or a.status = any (?) and not exists
       (select 1 from contacts v where v.account_id = k.account_id and v.verified_at is not null))
     order by k.verified_at is null, k.added_at, k.id
     limit 1`,
    [key, [...MAY_RECOVER]],
  );
  const [row] = rows as (Recoverable & { status: AccountStatus })[];
  return row && MAY_RECOVER.includes(row.status) ? { accountId: row.accountId, email: row.email } : undefined;
}
