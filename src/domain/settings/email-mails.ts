import type { Db } from '../../db/database.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type Account, type Contact, mainContact } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { localeOf, readerOf, trustedAddress } from '../accounts/notices.ts';
import { contacts, parseContact } from '../contacts/contacts.ts';
import type { LinkPurpose } from '../mailed-secrets/mailed-secret.ts';
import { type IssuedSecret, mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Reading } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import { isSameEmail } from '../values/email.ts';

/** The paths of the links in mails. Their pages have no effect until their button is pressed. */
export const LINK_PATHS: Record<LinkPurpose, string> = {
  verify_email: '/verify-email',
  change_email: '/confirm-email',
  undo_email: '/undo-email',
};

const LIFETIMES: Record<LinkPurpose, number> = {
  verify_email: DAY_SECONDS,
  change_email: HOUR_SECONDS,
  undo_email: 7 * DAY_SECONDS,
};

/** Whether the mails are for clients of the Self-service API. */
export type ShownValues = Pick<Reading, 'showsValues'>;

/** The address as the account lists it, and the owner to greet if the address is trusted. */
function listedAs(account: Account, email: string): Pick<Reading, 'owner'> & { to: string } {
  const same = account.contacts.find(({ kind, value }) => kind === 'email' && isSameEmail(value, email));
  return same ? { ...readerOf(account, same), to: same.value } : { to: email };
}

interface MailedChange extends ShownValues {
  value: string;
  askedFrom: string;
  /** The owner of the new address, if that is another account. */
  owner?: Account | undefined;
}

/** The mails that verify and change addresses; all are written in the caller's transaction. */
export function emailMails({
  keyring,
  outbox,
  issuer,
}: {
  keyring: Keyring;
  outbox: (db: Db) => Outbox;
  issuer: string;
}) {
  const linkOf = (purpose: LinkPurpose, secret: IssuedSecret) => {
    const query = new URLSearchParams({ identifier: secret.identifier, key: secret.key });
    return { ...secret, link: `${issuer}${LINK_PATHS[purpose]}?${query}` };
  };

  async function issue(tx: Db, purpose: LinkPurpose, accountId: number, email: string) {
    const secrets = mailedSecrets({ db: tx, keyring });
    return linkOf(purpose, await secrets.issue({ purpose, accountId, email }, LIFETIMES[purpose]));
  }

  const envelope = (account: Account, purpose: LinkPurpose) => ({
    channel: 'mail' as const,
    locale: localeOf(account),
    accountId: account.id,
    lifetimeSeconds: LIFETIMES[purpose],
  });

  /**
   * Writes to the new address, or to the account that owns it, and to the old address. Writes to neither if the new
   * address has reached its mail limit.
   */
  async function mailChange(
    tx: Db,
    account: Account,
    { value, askedFrom, owner = account, showsValues }: MailedChange,
  ): Promise<void> {
    const secrets = mailedSecrets({ db: tx, keyring });
    const generated = secrets.generate('change_email');
    const postal = { ...envelope(owner, 'change_email'), askedFrom };
    const added = await outbox(tx).add(
      owner.id === account.id
        ? {
            ...{ ...postal, showsValues, kind: 'confirm-email', to: value },
            values: linkOf('change_email', generated),
          }
        : {
            ...postal,
            kind: 'email-registered',
            // so that a caller past the limit cannot tell which of the two mails is sent
            countedAs: 'confirm-email',
            ...listedAs(owner, value),
            values: {},
          },
    );
    if (added === 'dropped') return;
    const waiting = { purpose: 'change_email' as const, accountId: account.id, email: value };
    await secrets.save(waiting, generated, LIFETIMES.change_email);
    const old = mainContact(account, 'email');
    if (old) await tellOld(tx, account, old, value, { showsValues });
  }

  /**
   * Undoing restores the old address as a verified one. Only a trusted address therefore receives an undo link and the
   * new address: a mistyped old address may belong to a stranger.
   */
  async function tellOld(
    tx: Db,
    account: Account,
    old: Contact,
    email: string,
    shown: ShownValues,
  ): Promise<void> {
    const notice = { ...envelope(account, 'undo_email'), ...readerOf(account, old), ...shown };
    const to = trustedAddress(old);
    if (!to) {
      await outbox(tx).add({ ...notice, kind: 'contacts-changed', to: old.value, values: {} });
      return;
    }
    const undo = await issue(tx, 'undo_email', account.id, to);
    await outbox(tx).add({ ...notice, kind: 'email-changing', to, values: { ...undo, email } });
  }

  /** Sends the undo link to an old address that was verified after the change was requested, when it received none. */
  async function tellVerifiedSince(
    tx: Db,
    accountId: number,
    email: string,
    shown: ShownValues,
  ): Promise<void> {
    const account = await existing(tx, accountId);
    const old = mainContact(account, 'email');
    const verified = old && trustedAddress(old);
    if (!old || !verified) return;
    const link = { accountId, purpose: 'undo_email' as const, email: verified };
    if (!(await mailedSecrets({ db: tx, keyring }).isWaiting(link)))
      await tellOld(tx, account, old, email, shown);
  }

  return {
    mailChange,
    tellVerifiedSince,
    async sendVerification(tx: Db, account: Account, askedFrom: string): Promise<void> {
      const email = mainContact(account, 'email');
      if (!email || email.verified) return;
      const values = await issue(tx, 'verify_email', account.id, email.value);
      const { key } = parseContact('email', email.value);
      const signsIn = (await contacts({ db: tx }).holder('email', key)) === account.id;
      await outbox(tx).add({
        ...envelope(account, 'verify_email'),
        askedFrom,
        kind: signsIn ? 'verify-email' : 'verify-email-to-sign-in',
        to: email.value,
        values,
      });
    },
  };
}
