import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Account, Contact, ContactKind } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { localeOf, notify } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import { confirmContact, parseContact, removeUnconfirmed } from '../contacts/contacts.ts';
import type { Outbox } from '../messages/outbox.ts';

export interface ContactAnswer {
  /** The account when the question was shown. Nothing is changed if the account has been recovered again since. */
  account: Pick<Account, 'id' | 'generation'>;
  kind: ContactKind;
  value: string;
  isMine: boolean;
}

/** After a recovery through one contact, lets the signed-in person confirm which other contacts are their own. */
export interface ContactConfirmation {
  /**
   * A confirmed contact can be used again for recovery and sign-in; a rejected one is removed and receives a notice. A
   * contact that was already answered for is unchanged. Throws `UNAVAILABLE` if the account was recovered in the
   * meantime.
   */
  answer(answer: ContactAnswer): Promise<void>;
}

const NOTICE_SECONDS = DAY_SECONDS;

/** The contacts that the person has not confirmed since the account was recovered. */
export const unconfirmedContacts = ({ contacts }: Pick<Account, 'contacts'>): Contact[] =>
  contacts.filter(({ confirmed }) => !confirmed);

export function contactConfirmation({
  db,
  outbox,
}: {
  db: Db;
  outbox: (db: Db) => Outbox;
}): ContactConfirmation {
  async function remove(tx: Db, account: Account, kind: ContactKind, value: string): Promise<void> {
    if (!(await removeUnconfirmed(tx, account.id, parseContact(kind, value)))) return;
    const notice = {
      kind: 'contacts-changed' as const,
      values: {},
      to: value,
      accountId: account.id,
      locale: localeOf(account),
      lifetimeSeconds: NOTICE_SECONDS,
    };
    await outbox(tx).add({ ...notice, channel: kind === 'mobile' ? 'sms' : 'mail' });
    if (kind === 'mobile') await notify({ outbox: outbox(tx) }, account, 'mobile-removed', { mobile: value });
    await audit({ db: tx }).record({
      event: 'account.contact_removed',
      accountId: account.id,
      details: { kind },
    });
  }

  return {
    answer: ({ account: { id, generation }, kind, value, isMine }) =>
      transaction(db, async (tx) => {
        const account = await existing(tx, id, generation);
        if (!isMine) return remove(tx, account, kind, value);
        if (await confirmContact(tx, id, parseContact(kind, value)))
          await audit({ db: tx }).record({
            event: 'account.contact_confirmed',
            accountId: id,
            details: { kind },
          });
      }),
  };
}
