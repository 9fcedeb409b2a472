import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { mainContact } from '../accounts/account.ts';
import { localeOf } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import { requireAuthority } from '../operators/authority.ts';
import type { PasswordReset } from '../recovery/password-reset.ts';
import type { AccountReads } from './account-reads.ts';

export interface PasswordResets {
  /**
   * Sends the same message as a "forgotten password" request to the main contact of the account. Throws the same errors
   * as those requests, `OPERATOR_PROTECTED`, and `CONTACT_NOT_FOUND` if the account has no contact of that kind.
   */
  send(accountId: number, channel: 'email' | 'sms', origin: Origin): Promise<void>;
}

interface Deps {
  db: Db;
  reads: Pick<AccountReads, 'find'>;
  passwordReset: Pick<PasswordReset, 'request'>;
  codes: Pick<OneTimeCodes, 'request'>;
}

export const passwordResets = ({ db, reads, passwordReset, codes }: Deps): PasswordResets => ({
  async send(accountId, channel, origin) {
    await requireAuthority(db, accountId);
    const account = await reads.find(accountId, 'contacts');
    const contact = mainContact(account, channel === 'email' ? 'email' : 'mobile');
    if (!contact) throw new AppError('CONTACT_NOT_FOUND', { field: 'channel' });
    const locale = localeOf(account);
    const { value } = contact;
    if (channel === 'email')
      await passwordReset.request({ email: value, resetUri: '/reset-password', locale, origin });
    else await codes.request({ mobile: value, purpose: 'reset', locale, asker: origin });
    await audit({ db }).record({ event: 'account.reset_sent', accountId, details: { channel } });
  },
});
