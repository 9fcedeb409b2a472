import type { Db } from '../../db/database.ts';

/** An account that waits for its activation by mail. */
export interface PendingAccount {
  accountId: number;
  /** The address as stored with the account: the only one that mails are sent to. */
  email: string;
  /** Whether an import created it. Its name is that of the other system then. */
  isImported: boolean;
}

/** Returns the account that waits for its activation at an address. */
export async function findPending(db: Db, key: string): Promise<PendingAccount | undefined> {
  return db('contacts')
    .join('accounts', 'accounts.id', 'contacts.account_id')
    .where({ kind: 'email', key, status: 'pending' })
    .orderBy(['contacts.added_at', 'contacts.id'])
    .first(
      'account_id as accountId',
      'value as email',
      db.raw('(external_id is not null or import_digest is not null) as "isImported"'),
    );
}
