import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { existing } from '../accounts/accounts.ts';
import { notify } from '../accounts/notices.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Outbox } from '../messages/outbox.ts';
import { isOfLimit, type Refusals } from '../rate-limits/refusals.ts';
import { type SignInThrottle, secondFactorName } from '../rate-limits/sign-in-throttle.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { newRecoveryCodes, parseRecoveryCode } from './recovery-codes.ts';
import { endRecovery } from './recovery-end.ts';
import {
  type AuthenticatorRow,
  claimRecoveryCode,
  claimStep,
  confirmAuthenticator,
  countRecoveryCodes,
  deleteAuthenticator,
  deleteUnconfirmed,
  insertAuthenticator,
  isAnyConfirmed,
  readAuthenticators,
  renameAuthenticator,
  replaceRecoveryCodes,
  type SecretRow,
} from './second-factor-store.ts';
import { matchingStep, newTotpSecret } from './totp.ts';

export type { AuthenticatorRow } from './second-factor-store.ts';
/** Whether an account has a second factor. */
export { isAnyConfirmed as hasConfirmedAuthenticator } from './second-factor-store.ts';

export type SecondFactorName = 'totp' | 'recovery-code';

/**
 * Second factors of accounts: authenticator apps (RFC 6238) with recovery codes. Adding, removing and renewing end the
 * recovery of a lost one.
 */
export interface SecondFactors {
  isEnrolled(accountId: number): Promise<boolean>;
  /** Confirmed ones, oldest first, and how many recovery codes are left. */
  list(accountId: number): Promise<{ authenticators: readonly AuthenticatorRow[]; recoveryCodes: number }>;
  /** Prepares an authenticator app; an earlier one that was never confirmed is discarded. The secret in base32. */
  begin(accountId: number, name: string): Promise<{ secret: string }>;
  /** The secret of the app that waits to be confirmed; undefined without one. */
  pending(accountId: number): Promise<string | undefined>;
  /**
   * Activates the app that was prepared, and returns recovery codes when it is the first one. The owner is told. Throws
   * `CODE_WRONG`, `TOO_MANY_ATTEMPTS`.
   */
  confirm(accountId: number, code: string, origin: Origin): Promise<{ recoveryCodes: string[] }>;
  /**
   * Verifies a code of an app or a recovery code, once, and says which it was. Failures count as wrong passwords do.
   * A recovery of the second factor ends, since it is not lost. Throws `CODE_WRONG`, `TOO_MANY_ATTEMPTS`.
   */
  verify(
    accountId: number,
    code: string,
    attempt: { origin: Origin; clientId: string | undefined },
  ): Promise<SecondFactorName>;
  /** Throws `NOT_FOUND`, `INVALID_TEXT`. */
  rename(accountId: number, id: string, name: string): Promise<void>;
  /** Removes an app; with the last one the recovery codes go. The owner is told. Throws `NOT_FOUND`. */
  remove(accountId: number, id: string): Promise<void>;
  /** New recovery codes in place of the old. Throws `NOT_FOUND` without an app. */
  renewRecoveryCodes(accountId: number): Promise<string[]>;
}

interface Deps {
  db: Db;
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  digest: LastingDigest;
  throttle: Pick<SignInThrottle, 'reserve'>;
  refusals: Pick<Refusals, 'noteError'>;
  outbox: (db: Db) => Outbox;
}

const CONTEXT = 'authenticators.sealed';
/** Wrong codes of an account that are recorded in a window: as many as are checked from one place. */
const FAILURES_NOTED = 10;
const MOST_NAME = 50;
const DIGITS = /^\d{6}$/;

export function secondFactors(deps: Deps): SecondFactors {
  const { db, keyring, digest, throttle, refusals } = deps;
  const secretOf = ({ id, sealed }: SecretRow): string => keyring.openText(CONTEXT, sealed, id);
  const digestOf = (accountId: number, code: string): Buffer =>
    digest('recovery_codes.digest', `${accountId} ${code}`);

  async function writeRecoveryCodes(tx: Db, accountId: number): Promise<string[]> {
    const codes = newRecoveryCodes();
    const parsed = codes.map((code) => parseRecoveryCode(code) ?? '');
    await replaceRecoveryCodes(
      tx,
      accountId,
      parsed.map((code) => digestOf(accountId, code)),
    );
    return codes;
  }

  async function changed(tx: Db, accountId: number, event: AuditEvent['event']): Promise<void> {
    await endRecovery({ db: tx, outbox: deps.outbox(tx) }, accountId, 'change');
    await audit({ db: tx }).record({ event, accountId, details: { method: 'totp' } });
    await notify({ outbox: deps.outbox(tx) }, await existing(tx, accountId), 'second-factor-changed');
  }

  /** The first of these authenticators whose unused code this is, with that code used up. */
  async function useStep(rows: readonly SecretRow[], typed: string): Promise<SecretRow | undefined> {
    const code = typed.replaceAll(/\s/g, '');
    if (!DIGITS.test(code)) return undefined;
    for (const row of rows) {
      const step = matchingStep({ secret: secretOf(row), lastStep: row.lastStep }, code, row.now);
      if (step !== undefined && (await claimStep(db, row.id, step))) return row;
    }
    return undefined;
  }

  /** Counts a guess like one at the password, and gives it back when it was right. */
  async function guess<Found>(
    accountId: number,
    origin: Origin,
    check: () => Promise<Found | undefined>,
  ): Promise<Found> {
    const reservations = [
      // the device is no excuse here: the right password has just made it a known one
      await throttle.reserve({ accountId, identifier: '' }, { address: origin.address }),
      // from all networks together: the right password makes any network a known one, with a count of its own
      await throttle.reserve({ accountId: undefined, identifier: secondFactorName(accountId) }, origin),
    ];
    const refund = () => Promise.all(reservations.map((reservation) => reservation.refund()));
    const found = await check().catch(async (error: unknown) => {
      await refund();
      throw error;
    });
    if (found === undefined) throw new AppError('CODE_WRONG', { field: 'code', reason: 'wrong_code' });
    await refund();
    return found;
  }

  const confirmed = (rows: readonly SecretRow[]): SecretRow[] =>
    rows.filter(({ confirmedAt }) => confirmedAt !== null);

  return {
    isEnrolled: (accountId) => isAnyConfirmed(db, accountId),
    async list(accountId) {
      const [rows, recoveryCodes] = await Promise.all([
        readAuthenticators(db, accountId),
        countRecoveryCodes(db, accountId),
      ]);
      return {
        authenticators: confirmed(rows).map(({ sealed: _sealed, lastStep: _step, now: _now, ...row }) => row),
        recoveryCodes,
      };
    },
    begin: (accountId, name) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        await deleteUnconfirmed(tx, accountId);
        const [id, secret] = [randomUUID(), newTotpSecret()];
        await insertAuthenticator(tx, { id, accountId, name, sealed: keyring.seal(CONTEXT, secret, id) });
        return { secret };
      }),
    async pending(accountId) {
      const row = (await readAuthenticators(db, accountId)).find(({ confirmedAt }) => confirmedAt === null);
      return row && secretOf(row);
    },
    async confirm(accountId, code, origin) {
      const rows = await readAuthenticators(db, accountId);
      const waiting = rows.filter(({ confirmedAt }) => confirmedAt === null);
      const { id } = await guess(accountId, origin, () => useStep(waiting, code));
      return transaction(db, async (tx) => {
        await existing(tx, accountId);
        const isFirst = !(await isAnyConfirmed(tx, accountId));
        if (!(await confirmAuthenticator(tx, id))) throw new AppError('CODE_WRONG', { field: 'code' });
        await changed(tx, accountId, 'second_factor.added');
        return { recoveryCodes: isFirst ? await writeRecoveryCodes(tx, accountId) : [] };
      });
    },
    async verify(accountId, code, { origin, clientId }) {
      const trail = { accountId, clientId };
      try {
        const name = await guess(accountId, origin, async (): Promise<SecondFactorName | undefined> => {
          const rows = confirmed(await readAuthenticators(db, accountId));
          if (await useStep(rows, code)) return 'totp';
          const recovery = parseRecoveryCode(code);
          if (recovery === undefined || rows.length === 0) return undefined;
          return (await claimRecoveryCode(db, accountId, digestOf(accountId, recovery)))
            ? 'recovery-code'
            : undefined;
        });
        await audit({ db }).record({ ...trail, event: 'second_factor.succeeded', details: { method: name } });
        await transaction(db, (tx) =>
          endRecovery({ db: tx, outbox: deps.outbox(tx) }, accountId, 'second_factor'),
        );
        return name;
      } catch (error) {
        if (error instanceof AppError && error.status < 500) {
          const isRefused = isOfLimit(error);
          await refusals.noteError(
            error,
            { ...trail, event: isRefused ? 'second_factor.refused' : 'second_factor.failed' },
            {
              subject: `account ${accountId}`,
              address: origin.address,
              most: isRefused ? 1 : FAILURES_NOTED,
            },
          );
        }
        throw error;
      }
    },
    async rename(accountId, id, name) {
      const text = name.normalize('NFC').trim();
      if (text === '' || [...text].length > MOST_NAME) throw new AppError('INVALID_TEXT', { field: 'name' });
      if (!(await renameAuthenticator(db, accountId, id, text))) throw new AppError('NOT_FOUND');
    },
    remove: (accountId, id) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        if (!(await deleteAuthenticator(tx, accountId, id))) throw new AppError('NOT_FOUND');
        if (!(await isAnyConfirmed(tx, accountId))) await replaceRecoveryCodes(tx, accountId, []);
        await changed(tx, accountId, 'second_factor.removed');
      }),
    renewRecoveryCodes: (accountId) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        if (!(await isAnyConfirmed(tx, accountId))) throw new AppError('NOT_FOUND');
        await changed(tx, accountId, 'second_factor.codes_renewed');
        return writeRecoveryCodes(tx, accountId);
      }),
  };
}
