import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type Account, mainContact } from '../accounts/account.ts';
import { type Accounts, existing } from '../accounts/accounts.ts';
import { localeOf } from '../accounts/notices.ts';
import { signOutOthers } from '../accounts/sign-out-others.ts';
import { takeTelling } from '../attempts/budget.ts';
import type { Counters } from '../attempts/counters.ts';
import { audit } from '../audit/audit.ts';
import { ifMailed } from '../mailed-secrets/if-mailed.ts';
import type { MailedPurpose, MailedSecret } from '../mailed-secrets/mailed-secret.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Outbox } from '../messages/outbox.ts';
import { contacts } from './contacts.ts';
import { parseEmail } from './email.ts';
import { removeEmail, replaceEmail, verifyEmail } from './email-store.ts';

/** Where the links of mails lead; the pages there do nothing until their button is pressed. */
export const LINK_PATHS: Record<MailedPurpose, string> = {
  verify_email: '/verify-email',
  change_email: '/confirm-email',
  undo_email: '/undo-email',
};

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
const LIFETIMES: Record<MailedPurpose, number> = {
  verify_email: DAY_SECONDS,
  change_email: HOUR_SECONDS,
  undo_email: 7 * DAY_SECONDS,
};

export interface LinkKey {
  identifier: string;
  key: string;
}

export interface EmailLinks {
  /** Mails the link that verifies an address which an account has listed, in the caller's transaction. */
  sendVerification(db: Db, account: Account): Promise<void>;
  /**
   * Mails a link to a new address and a notice with a link to undo it to the old one; nothing changes yet. When the
   * new address has had its mails, nothing is sent and an earlier link stays good. Throws `INVALID_EMAIL`,
   * `CONTACT_TAKEN` on `email`, and `TOO_MANY_ATTEMPTS` to a caller who was told that too often.
   */
  requestChange(change: EmailChange): Promise<void>;
  /** Throws as `requestChange` would; changes nothing. */
  checkChange(change: EmailChange): Promise<void>;
  /** The account that a link is about, without using it up. Throws `LINK_INVALID`. */
  look(purpose: MailedPurpose, link: LinkKey): Promise<{ account: Account; email: string }>;
  /** Does what the link is for. Throws `LINK_INVALID`, `CONTACT_TAKEN`. */
  confirm(purpose: MailedPurpose, link: LinkKey): Promise<void>;
  /** "This was not me": takes the address off the account, or ends the change. */
  disown(link: LinkKey): Promise<void>;
}

export interface EmailChange {
  account: Account;
  email: string;
  /** The caller's. */
  address: string;
}

interface Deps {
  db: Db;
  counters: Counters;
  keyring: Keyring;
  accounts: Pick<Accounts, 'find'>;
  outbox: (db: Db) => Outbox;
  issuer: string;
}

export function emailLinks({ db, counters, keyring, accounts, outbox, issuer }: Deps): EmailLinks {
  async function issue(tx: Db, purpose: MailedPurpose, accountId: number, email: string) {
    const secret = await mailedSecrets({ db: tx, keyring }).issue(
      { purpose, accountId, email },
      LIFETIMES[purpose],
    );
    const query = new URLSearchParams({ identifier: secret.identifier, key: secret.key });
    return { ...secret, link: `${issuer}${LINK_PATHS[purpose]}?${query}` };
  }

  const postage = (account: Account, purpose: MailedPurpose) => ({
    channel: 'mail' as const,
    locale: localeOf(account),
    accountId: account.id,
    lifetimeSeconds: LIFETIMES[purpose],
  });

  async function checked({ account, email, address }: EmailChange) {
    const parsed = parseEmail(email);
    if (!parsed) throw new AppError('INVALID_EMAIL', { field: 'email' });
    const owner = await contacts({ db }).owner('email', parsed.key);
    if (owner === undefined || owner === account.id) return parsed;
    await takeTelling(counters, address);
    throw new AppError('CONTACT_TAKEN', { field: 'email' });
  }

  async function apply(tx: Db, { id, purpose, accountId, email }: MailedSecret): Promise<void> {
    const parsed = parseEmail(email);
    if (!parsed) throw new AppError('LINK_INVALID');
    await existing(tx, accountId);
    const secrets = mailedSecrets({ db: tx, keyring });
    if (purpose === 'verify_email') {
      if (!(await verifyEmail(tx, accountId, parsed))) throw new AppError('LINK_INVALID');
      await audit({ db: tx }).record({ event: 'account.email_verified', accountId });
      return;
    }
    await replaceEmail(tx, accountId, parsed);
    await secrets.end(accountId, ['verify_email']);
    if (purpose === 'undo_email') {
      await signOutOthers({ db: tx, keyring, outbox: outbox(tx) }, accountId);
      // later ones go back to addresses that came after this one
      await secrets.end(accountId, ['undo_email'], id);
    }
    await audit({ db: tx }).record({ event: 'account.email_changed', accountId });
  }

  return {
    async sendVerification(tx, account) {
      const email = mainContact(account, 'email');
      if (!email || email.verified) return;
      const values = await issue(tx, 'verify_email', account.id, email.value);
      await outbox(tx).add({
        ...postage(account, 'verify_email'),
        kind: 'verify-email',
        to: email.value,
        values,
      });
    },
    async checkChange(change) {
      await checked(change);
    },
    async requestChange(change) {
      const { account } = change;
      const { value } = await checked(change);
      const old = mainContact(account, 'email')?.value;
      await ifMailed(db, async (tx) => {
        if (old) {
          const undo = await issue(tx, 'undo_email', account.id, old);
          const notice = { ...undo, email: value };
          await outbox(tx).add({
            ...postage(account, 'undo_email'),
            kind: 'email-changing',
            to: old,
            values: notice,
          });
        }
        const values = await issue(tx, 'change_email', account.id, value);
        return outbox(tx).add({
          ...postage(account, 'change_email'),
          kind: 'confirm-email',
          to: value,
          values,
        });
      });
    },
    async look(purpose, { identifier, key }) {
      const { accountId, email } = await mailedSecrets({ db, keyring }).look(identifier, key, purpose);
      const account = await accounts.find(accountId);
      if (!account || account.status === 'deleted') throw new AppError('LINK_INVALID');
      return { account, email };
    },
    async confirm(purpose, { identifier, key }) {
      await transaction(db, async (tx) => {
        await apply(tx, await mailedSecrets({ db: tx, keyring }).use(identifier, key, purpose));
      });
    },
    async disown({ identifier, key }) {
      await transaction(db, async (tx) => {
        const { accountId, email } = await mailedSecrets({ db: tx, keyring }).use(
          identifier,
          key,
          'verify_email',
        );
        const parsed = parseEmail(email);
        if (parsed) await removeEmail(tx, accountId, parsed.key);
        await audit({ db: tx }).record({ event: 'account.email_disowned', accountId });
      });
    },
  };
}
