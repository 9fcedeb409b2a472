import type { Db } from '../../db/database.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { newRecoveryCodes, parseRecoveryCode } from './recovery-codes.ts';
import { claimRecoveryCode, replaceRecoveryCodes } from './second-factor-store.ts';

/** The recovery codes of accounts, of which only digests are stored. */
export interface RecoveryCodeBook {
  /** Replaces the codes in the caller's transaction, and returns the new ones. */
  write(tx: Db, accountId: number): Promise<string[]>;
  /** Uses up a code that `parseRecoveryCode` returned; returns false for any other. */
  use(accountId: number, code: string): Promise<boolean>;
}

export function recoveryCodeBook({ db, digest }: { db: Db; digest: LastingDigest }): RecoveryCodeBook {
  const digestOf = (accountId: number, code: string): Buffer =>
    digest('recovery_codes.digest', `${accountId} ${code}`);

  return {
    async write(tx, accountId) {
      const codes = newRecoveryCodes();
      const parsed = codes.map((code) => parseRecoveryCode(code) ?? '');
      await replaceRecoveryCodes(
        tx,
        accountId,
        parsed.map((code) => digestOf(accountId, code)),
      );
      return codes;
    },
    use: (accountId, code) => claimRecoveryCode(db, accountId, digestOf(accountId, code)),
  };
}
