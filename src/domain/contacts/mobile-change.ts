import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { mainContact } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { localeOf, notify } from '../accounts/notices.ts';
import { signOutOthers } from '../accounts/sign-out-others.ts';
import { audit } from '../audit/audit.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import type { Kept } from '../sessions/end-sessions.ts';
import { contacts } from './contacts.ts';

export interface MobileChange {
  /**
   * Puts a number that the code proves in place of the account's. The old number and the e-mail get a notice; other
   * sessions and tokens die. Throws `CODE_WRONG`, `CONTACT_TAKEN` on `mobile`, `TOO_MANY_ATTEMPTS`.
   */
  change(change: { accountId: number; mobile: string; code: string; kept: Kept }): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  accounts: Pick<Accounts, 'find'>;
  codes: OneTimeCodes;
  outbox: (db: Db) => Outbox;
}

const NOTICE_SECONDS = 86_400;

export const mobileChange = ({ db, keyring, accounts, codes, outbox }: Deps): MobileChange => ({
  async change({ accountId, mobile, code, kept }) {
    const right = await codes.check(mobile, code, 'change_mobile');
    if (right.numberTaken) throw new AppError('CONTACT_TAKEN', { field: 'mobile' });
    const account = await accounts.find(accountId);
    if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
    const old = mainContact(account, 'mobile')?.value;
    await transaction(db, async (tx) => {
      await codes.use(tx, right);
      await contacts({ db: tx }).removeAll(accountId, 'mobile');
      await contacts({ db: tx }).add(accountId, { kind: 'mobile', value: mobile, verified: true });
      await signOutOthers({ db: tx, keyring, outbox: outbox(tx) }, accountId, kept);
      const notice = {
        kind: 'mobile-changed' as const,
        values: { mobile },
        accountId,
        lifetimeSeconds: NOTICE_SECONDS,
      };
      if (old) await outbox(tx).add({ ...notice, channel: 'sms', to: old, locale: localeOf(account) });
      await notify({ outbox: outbox(tx) }, account, 'mobile-changed', { mobile });
      await audit({ db: tx }).record({ event: 'account.mobile_changed', accountId });
    });
  },
});
