import type { Db } from '../../db/database.ts';
import type { AccountStatus } from '../accounts/account.ts';

/** An account that a reader of one of its addresses can recover. */
export interface Recoverable {
  accountId: number;
  /** The address as the account has it: the only one that is written to. */
  email: string;
}

const MAY_RECOVER: readonly AccountStatus[] = ['active', 'pending'];

/**
 * Who an address recovers: the account on which it is verified, else, of those without any verified contact, the one
 * that listed it first. An account that listed it beside a verified contact is not recovered by it, nor one that was
 * recovered through another contact until this one is confirmed.
 */
export async function findRecoverable(db: Db, key: string): Promise<Recoverable | undefined> {
  const { rows } = await db.raw(
    `select k.account_id as "accountId", k.value as email, a.status from contacts k
     join accounts a on a.id = k.account_id
     where k.kind = 'email' and k.key = ? and k.unconfirmed_since is null and (k.verified_at is not null or a.status = any (?) and not exists
       (select 1 from contacts v where v.account_id = k.account_id and v.verified_at is not null))
     order by k.verified_at is null, k.added_at, k.id
     limit 1`,
    [key, [...MAY_RECOVER]],
  );
  const [row] = rows as (Recoverable & { status: AccountStatus })[];
  return row && MAY_RECOVER.includes(row.status) ? { accountId: row.accountId, email: row.email } : undefined;
}
