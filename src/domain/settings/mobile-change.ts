import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account, Contact } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { localeOf, notify, trustedAddress } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import { contacts } from '../contacts/contacts.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { SmsMessage } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import type { PreparedChange, PreservedSession } from '../sessions/end-sessions.ts';
import { signOutOthers } from '../sessions/sign-out-others.ts';

export interface ProvedMobile {
  /** E.164. */
  mobile: string;
  code: string;
  origin: Origin;
}

export interface MobileChange {
  /**
   * Replaces the account's number with one that the code verifies. The old number and the e-mail address receive a
   * notice; other sessions and tokens are revoked. Throws `CODE_WRONG`, `CONTACT_TAKEN` on `mobile`,
   * `TOO_MANY_ATTEMPTS`.
   */
  change(change: ProvedMobile & { accountId: number; preservedSession: PreservedSession }): Promise<void>;
  /**
   * The first half of `change`, which counts a wrong code. Returns the other half, to be run in the caller's
   * transaction.
   */
  prepare(account: Account, proved: ProvedMobile): Promise<PreparedChange>;
  /**
   * Lists an unverified number, in the caller's transaction. It cannot be used to sign in; a verified number still can.
   * Null removes every number; the owner of a verified one receives a notice.
   */
  setUnproved(db: Db, account: Account, mobile: string | null): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  accounts: Pick<Accounts, 'find'>;
  codes: OneTimeCodes;
  outbox: (db: Db) => Outbox;
}

const NOTICE_SECONDS = DAY_SECONDS;

/** The account's verified number. */
const provedMobile = ({ contacts: listed }: Account): Contact | undefined =>
  listed.find(({ kind, verified }) => kind === 'mobile' && verified);

export function mobileChange({ db, keyring, accounts, codes, outbox }: Deps): MobileChange {
  /** The notice to the old number. Only a trusted number is sent the number that replaces it. */
  function smsOf(
    account: Account,
    old: Contact,
    kind: 'mobile-changed' | 'mobile-removed',
    mobile: string,
  ): SmsMessage {
    const envelope = {
      channel: 'sms' as const,
      accountId: account.id,
      lifetimeSeconds: NOTICE_SECONDS,
      locale: localeOf(account),
    };
    if (kind === 'mobile-removed') return { ...envelope, kind, values: {}, to: old.value };
    const to = trustedAddress(old);
    return to
      ? { ...envelope, kind, values: { mobile }, to }
      : { ...envelope, kind: 'contacts-changed', values: {}, to: old.value };
  }

  /** Notifies the owner at the old number and by mail. */
  async function tell(
    tx: Db,
    account: Account,
    kind: 'mobile-changed' | 'mobile-removed',
    mobile: string,
  ): Promise<void> {
    const old = provedMobile(account);
    if (old) await outbox(tx).add(smsOf(account, old, kind, mobile));
    await notify({ outbox: outbox(tx) }, account, kind, { mobile });
  }

  async function prepare(account: Account, proved: ProvedMobile): Promise<PreparedChange> {
    const { mobile } = proved;
    const right = await codes.check({ ...proved, purpose: 'change_mobile' });
    if (right.numberTaken) throw new AppError('CONTACT_TAKEN', { field: 'mobile' });
    const { id: accountId } = account;
    return async (tx, preservedSession) => {
      await signOutOthers({ db: tx, keyring, outbox: outbox(tx) }, accountId, preservedSession);
      await codes.use(tx, right);
      await contacts({ db: tx }).removeAll(accountId, 'mobile');
      await contacts({ db: tx }).add(accountId, { kind: 'mobile', value: mobile, verified: true });
      await tell(tx, account, 'mobile-changed', mobile);
      await audit({ db: tx }).record({ event: 'account.mobile_changed', accountId });
    };
  }

  return {
    prepare,
    async change({ accountId, preservedSession, ...proved }) {
      const account = await accounts.find(accountId);
      if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
      const write = await prepare(account, proved);
      await transaction(db, (tx) => write(tx, preservedSession));
    },
    async setUnproved(tx, account, mobile) {
      if (mobile !== null) return contacts({ db: tx }).list(account.id, { kind: 'mobile', value: mobile });
      await contacts({ db: tx }).removeAll(account.id, 'mobile');
      await contacts({ db: tx }).forgetProof(account.id);
      const gone = provedMobile(account);
      if (!gone) return;
      await tell(tx, account, 'mobile-removed', gone.value);
      await audit({ db: tx }).record({
        event: 'account.mobile_changed',
        accountId: account.id,
        details: { removed: true },
      });
    },
  };
}
