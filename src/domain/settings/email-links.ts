import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { refuseIfAny } from '../../errors/violations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account } from '../accounts/account.ts';
import { type Accounts, existing } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import { contacts, removeEmail, replaceEmail, verifyEmail } from '../contacts/contacts.ts';
import type { LinkPurpose, MailedSecret } from '../mailed-secrets/mailed-secret.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import { type Channels, requireChannel } from '../messages/channels.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { takenForTelling } from '../rate-limits/limits.ts';
import { signOutOthers } from '../sessions/sign-out-others.ts';
import { type Email, parseEmail } from '../values/email.ts';

import { emailMails, type ShownValues } from './email-mails.ts';

export interface LinkKey {
  identifier: string;
  key: string;
}

export interface EmailLinks {
  /**
   * Mails the link that verifies an address listed by an account, in the caller's transaction. If another account
   * listed the address first, the mail states that it can be used to sign in once verified. `address` is the caller's
   * IP address.
   */
  sendVerification(db: Db, account: Account, address: string): Promise<void>;
  /** Mails that link again at the owner's request; sends nothing for a verified address. Throws `MAIL_UNAVAILABLE`. */
  resendVerification(account: Account, address: string): Promise<void>;
  /**
   * Mails a link to a new address and a notice to the old one, which includes an undo link if the old address is
   * trusted. Nothing changes until the link is used. If the new address has reached its mail limit, nothing is sent and
   * an earlier link remains valid.
   *
   * Throws `INVALID_EMAIL`, `CONTACT_TAKEN` on `email`, `MAIL_UNAVAILABLE`, and `UNAVAILABLE` if the account was reset
   * or suspended in the meantime. Throws `TOO_MANY_ATTEMPTS` if the caller has received `CONTACT_TAKEN` too often.
   */
  requestChange(change: EmailChange): Promise<void>;
  /**
   * The first half of a change that does not disclose whether the address is in use. If another account has verified
   * the address, that account's owner receives a notice, and the key of the pending change is never sent. Returns the
   * other half, which writes the mails in the caller's transaction. `address` is the caller's IP address. Throws
   * `MAIL_UNAVAILABLE`.
   */
  prepareChange(
    email: Email,
    address: string,
    shown?: ShownValues,
  ): Promise<(db: Db, account: Account) => Promise<void>>;
  /** The pending new address of the account. */
  waitingEmail(accountId: number): Promise<string | undefined>;
  /** Ends a pending change, in the caller's transaction. */
  endChange(db: Db, accountId: number): Promise<void>;
  /** Ends a pending change at the owner's request. */
  withdrawChange(accountId: number): Promise<void>;
  /** Runs the checks of `requestChange` and throws what they throw; changes nothing. */
  checkChange(change: EmailChange): Promise<void>;
  /** Returns the account of a link without consuming the link. Throws `LINK_INVALID`. */
  look(purpose: LinkPurpose, link: LinkKey): Promise<{ account: Account; email: string }>;
  /** Performs the action of the link and consumes it. Throws `LINK_INVALID`, `CONTACT_TAKEN`. */
  confirm(purpose: LinkPurpose, link: LinkKey, shown?: ShownValues): Promise<void>;
  /** "This was not me": removes the address from the account. */
  disown(link: LinkKey): Promise<void>;
}

export interface EmailChange {
  account: Account;
  email: string;
  /** The caller's IP address. */
  address: string;
  /** The account's generation when the caller was authorised. */
  generation: number;
}

interface Deps {
  db: Db;
  counters: Counters;
  keyring: Keyring;
  accounts: Pick<Accounts, 'find'>;
  outbox: (db: Db) => Outbox;
  channels: Channels;
  issuer: string;
}

/** An ID that no account has. */
const NOBODY = 0;

/** Rejects links of suspended and deleted accounts. A pending account may still verify its address. */
function refuseUnlessUsable(account: Account | undefined, purpose: LinkPurpose): asserts account is Account {
  const usable =
    account?.status === 'active' || (account?.status === 'pending' && purpose === 'verify_email');
  if (!usable) throw new AppError('LINK_INVALID');
}

export function emailLinks(deps: Deps): EmailLinks {
  const { db, counters, keyring, accounts, outbox } = deps;
  const mails = emailMails(deps);

  async function checked({ account, email, address }: EmailChange) {
    requireChannel(deps.channels, 'mail');
    const parsed = parseEmail(email);
    if (!parsed) throw new AppError('INVALID_EMAIL', { field: 'email' });
    const taken = await takenForTelling(counters, address, async () => {
      const owner = await contacts({ db }).owner('email', parsed.key);
      return owner === undefined || owner === account.id ? [] : [{ field: 'email', code: 'CONTACT_TAKEN' }];
    });
    refuseIfAny(taken);
    return parsed;
  }

  /**
   * Consumes a secret and performs its action in one transaction. Locks the account first, as every change of an
   * account does.
   */
  async function useUp(
    purpose: LinkPurpose,
    { identifier, key }: LinkKey,
    work: (tx: Db, secret: MailedSecret) => Promise<void>,
  ): Promise<void> {
    // outside the transaction, so that a wrong key is counted although the transaction would be rolled back
    const secret = await mailedSecrets({ db, keyring }).look(identifier, key, purpose);
    await transaction(db, async (tx) => {
      refuseUnlessUsable(await existing(tx, secret.accountId), purpose);
      await work(tx, await mailedSecrets({ db: tx, keyring }).claim(secret));
    });
  }

  async function apply(
    tx: Db,
    { id, purpose, accountId, email }: MailedSecret,
    shown: ShownValues,
  ): Promise<void> {
    const parsed = parseEmail(email);
    if (!parsed) throw new AppError('LINK_INVALID');
    const secrets = mailedSecrets({ db: tx, keyring });
    if (purpose === 'verify_email') {
      if (!(await verifyEmail(tx, accountId, parsed))) throw new AppError('LINK_INVALID');
      await audit({ db: tx }).record({ event: 'account.email_verified', accountId });
      return;
    }
    if (purpose === 'change_email') await mails.tellVerifiedSince(tx, accountId, parsed.value, shown);
    await replaceEmail(tx, accountId, parsed);
    await secrets.end(accountId, ['verify_email', 'activate_account', 'reset_password']);
    if (purpose === 'undo_email') {
      await signOutOthers({ db: tx, keyring, outbox: outbox(tx) }, accountId);
      // undoing a change recovers the account from an attacker, who may have added contacts
      await contacts({ db: tx }).doubtOthers(accountId, { kind: 'email', key: parsed.key });
      // later undo links restore addresses that were set after this one
      await secrets.end(accountId, ['undo_email'], id);
    }
    await audit({ db: tx }).record({ event: 'account.email_changed', accountId });
  }

  return {
    sendVerification: mails.sendVerification,
    async resendVerification(account, address) {
      requireChannel(deps.channels, 'mail');
      await transaction(db, (tx) => mails.sendVerification(tx, account, address));
    },
    async checkChange(change) {
      await checked(change);
    },
    async requestChange(change) {
      const { value } = await checked(change);
      await transaction(db, async (tx) =>
        mails.mailChange(tx, await existing(tx, change.account.id, change.generation), {
          value,
          askedFrom: change.address,
        }),
      );
    },
    async prepareChange(email, askedFrom, { showsValues } = {}) {
      requireChannel(deps.channels, 'mail');
      const holder = await contacts({ db }).owner('email', email.key);
      // also if no account has the address, so that the time reveals nothing
      const owner = await accounts.find(holder ?? NOBODY);
      return (tx, account) =>
        mails.mailChange(tx, account, { value: email.value, askedFrom, owner, showsValues });
    },
    waitingEmail: (accountId) => mailedSecrets({ db, keyring }).waitingEmail(accountId),
    withdrawChange: (accountId) => mailedSecrets({ db, keyring }).end(accountId, ['change_email']),
    endChange: (tx, accountId) => mailedSecrets({ db: tx, keyring }).end(accountId, ['change_email']),
    async look(purpose, { identifier, key }) {
      const { accountId, email } = await mailedSecrets({ db, keyring }).look(identifier, key, purpose);
      const account = await accounts.find(accountId);
      refuseUnlessUsable(account, purpose);
      return { account, email };
    },
    confirm: (purpose, link, shown = {}) => useUp(purpose, link, (tx, secret) => apply(tx, secret, shown)),
    disown: (link) =>
      useUp('verify_email', link, async (tx, { accountId, email }) => {
        const parsed = parseEmail(email);
        if (parsed) await removeEmail(tx, accountId, parsed.key);
        await audit({ db: tx }).record({ event: 'account.email_disowned', accountId });
      }),
  };
}
