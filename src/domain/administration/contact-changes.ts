import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Account, Contact, ContactKind } from '../accounts/account.ts';
import { localeOf } from '../accounts/notices.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import { contacts, type NewContact, parseContact } from '../contacts/contacts.ts';
import type { Outbox } from '../messages/outbox.ts';
import { changeable } from '../operators/authority.ts';

/** Changes by operators to the contacts of an account. Its other verified contacts are notified. */
export interface ContactChanges {
  /**
   * Throws `INVALID_MOBILE`, `INVALID_EMAIL`, `CONTACT_TAKEN`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`,
   * `OPERATOR_PROTECTED`.
   */
  add(accountId: number, contact: NewContact): Promise<void>;
  /** Throws the same errors, and `CONTACT_NOT_FOUND` if the account does not list the contact. */
  remove(accountId: number, contact: Pick<NewContact, 'kind' | 'value'>): Promise<void>;
}

interface Deps {
  db: Db;
  outbox: (db: Db) => Outbox;
}

/** Reports errors on the field `value`, whatever the kind of contact. */
function parsed({ kind, value }: { kind: ContactKind; value: string }): ReturnType<typeof parseContact> {
  try {
    return parseContact(kind, value);
  } catch (error) {
    throw error instanceof AppError ? new AppError(error.code, { field: 'value' }) : error;
  }
}

export function contactChanges({ db, outbox }: Deps): ContactChanges {
  async function tell(tx: Db, account: Account, { kind, value }: Contact): Promise<void> {
    await outbox(tx).add({
      channel: kind === 'email' ? 'mail' : 'sms',
      kind: 'contacts-changed',
      values: {},
      to: value,
      locale: localeOf(account),
      accountId: account.id,
      lifetimeSeconds: DAY_SECONDS,
    });
  }

  const changed = (
    accountId: number,
    given: { kind: ContactKind; value: string },
    event: AuditEvent['event'],
    write: (tx: Db, account: Account, key: string) => Promise<unknown>,
  ): Promise<void> => {
    const { key, value } = parsed(given);
    return transaction(db, async (tx) => {
      const account = await changeable(tx, accountId);
      await write(tx, account, key);
      const others = account.contacts.filter(
        (one) => one.verified && !(one.kind === given.kind && one.value === value),
      );
      for (const other of others) await tell(tx, account, other);
      await audit({ db: tx }).record({ event, accountId, details: { kind: given.kind } });
    });
  };

  return {
    add: (accountId, contact) =>
      changed(accountId, contact, 'account.contact_added', (tx) =>
        contacts({ db: tx }).add(accountId, contact),
      ),
    remove: (accountId, contact) =>
      changed(accountId, contact, 'account.contact_removed', async (tx, _account, key) => {
        if (!(await contacts({ db: tx }).remove(accountId, { kind: contact.kind, key })))
          throw new AppError('CONTACT_NOT_FOUND', { field: 'value' });
      }),
  };
}
