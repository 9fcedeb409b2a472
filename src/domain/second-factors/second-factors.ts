import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type Accounts, existing } from '../accounts/accounts.ts';
import { tellEveryContact } from '../accounts/every-contact.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Channels } from '../messages/channels.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { ContactCodes } from '../one-time-codes/contact-codes.ts';
import { parseCode } from '../one-time-codes/one-time-code.ts';
import type { CodeSent } from '../one-time-codes/one-time-codes.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { SignInThrottle } from '../rate-limits/sign-in-throttle.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { parseAuthenticatorName } from '../values/authenticator-name.ts';
import { type Apps, apps } from './apps.ts';
import { type FactorAttempt, factorGuesses, requireCode } from './factor-guesses.ts';
import { recoveryCodeBook } from './recovery-code-book.ts';
import { parseRecoveryCode } from './recovery-codes.ts';
import { endRecovery } from './recovery-end.ts';
import {
  type AuthenticatorRow,
  confirmAuthenticator,
  countRecoveryCodes,
  deleteAuthenticator,
  insertSentFactor,
  isAnyConfirmed,
  readAuthenticators,
  renameAuthenticator,
  replaceRecoveryCodes,
  type SecretRow,
  touchSentFactor,
} from './second-factor-store.ts';
import { type OfferedFactor, type SentCodeRequest, sentCodes } from './sent-codes.ts';
import { isSentFactor, SENT, type SentFactor } from './sent-factor.ts';

export type { AuthenticatorRow } from './second-factor-store.ts';
/** Returns whether an account has a second factor. */
export { isAnyConfirmed as hasConfirmedAuthenticator } from './second-factor-store.ts';
export { SENT_FACTORS } from './sent-factor.ts';
export type { OfferedFactor, SentCodeRequest, SentFactor };

/** The names of the authentication methods. */
export type SecondFactorName = 'totp' | 'recovery-code' | 'code' | 'email-code';

/** The methods with which an account can complete the second step of a sign-in. */
export interface SecondFactorOffer {
  /** Whether the account has enabled a second factor that currently works. */
  isEnrolled: boolean;
  /** Empty if the account can complete none. */
  methods: readonly SecondFactorName[];
  /** The factors among them that a code is sent for. */
  sent: readonly OfferedFactor[];
  /** The number of unused recovery codes. */
  recoveryCodes: number;
}

/**
 * Second factors of accounts: authenticator apps (RFC 6238), codes by SMS and e-mail, recovery codes. Adding, removing
 * and renewing them ends the recovery of a lost one.
 */
export interface SecondFactors extends Pick<Apps, 'begin' | 'pending'> {
  /**
   * Returns whether the account has a second factor that works: an app, or a code to a verified contact by an available
   * channel.
   */
  isEnrolled(accountId: number): Promise<boolean>;
  /**
   * Returns the methods offered after a first factor, which is never offered again itself. `isWanted`: two factors are
   * requested, so that an account without any is offered codes to its contacts. `hasNoAuthenticator`: the caller has
   * just read that there is none.
   */
  offer(
    accountId: number,
    after: string,
    request: { isWanted: boolean; hasNoAuthenticator?: boolean | undefined },
  ): Promise<SecondFactorOffer>;
  /** Returns the confirmed authenticators, oldest first, and the number of unused recovery codes. */
  list(accountId: number): Promise<{ authenticators: readonly AuthenticatorRow[]; recoveryCodes: number }>;
  /** Returns the codes that the account could enable. */
  possible(accountId: number): Promise<readonly OfferedFactor[]>;
  /**
   * Activates the app that was prepared, and returns recovery codes when it is the first second factor. Notifies the
   * owner. Throws `CODE_WRONG`, `TOO_MANY_ATTEMPTS`.
   */
  confirm(accountId: number, code: string, origin: Origin): Promise<{ recoveryCodes: string[] }>;
  /**
   * Sends a code to a contact of the account. Returns undefined when this browser requested one moments ago, which is
   * then on its way. Throws `NOT_FOUND` if no contact can receive one, `SMS_UNAVAILABLE`, `MAIL_UNAVAILABLE`,
   * `TOO_MANY_ATTEMPTS`, `UNAVAILABLE`.
   */
  send(accountId: number, factor: SentFactor, request: SentCodeRequest): Promise<CodeSent | undefined>;
  /** Enables a factor with a code that was sent to its contact; returns and throws as `confirm` does. */
  turnOn(
    accountId: number,
    factor: SentFactor,
    guess: { code: string; browser: string; origin: Origin },
  ): Promise<{ recoveryCodes: string[] }>;
  /**
   * Verifies a code of an app or a recovery code, once, and returns which it was. Failures count like wrong passwords.
   * Text that cannot be a code does not count. Ends a recovery of the second factor. Throws `CODE_WRONG`,
   * `TOO_MANY_ATTEMPTS`.
   */
  verify(accountId: number, code: string, attempt: FactorAttempt): Promise<SecondFactorName>;
  /** Does the same for a code that was sent: it is valid once, and in the browser that requested it. */
  verifySent(
    accountId: number,
    factor: SentFactor,
    attempt: FactorAttempt & { code: string; browser: string },
  ): Promise<SecondFactorName>;
  /** Names an app. Throws `NOT_FOUND`, `INVALID_TEXT`. */
  rename(accountId: number, id: string, name: string): Promise<void>;
  /** Removes a second factor, and the recovery codes with the last one. Notifies the owner. Throws `NOT_FOUND`. */
  remove(accountId: number, id: string): Promise<void>;
  /** Replaces the recovery codes and returns the new ones. Throws `NOT_FOUND` without a second factor. */
  renewRecoveryCodes(accountId: number): Promise<string[]>;
}

interface Deps {
  db: Db;
  accounts: Pick<Accounts, 'find'>;
  channels: Channels;
  contactCodes: ContactCodes;
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  digest: LastingDigest;
  throttle: Pick<SignInThrottle, 'reserveSecondFactor'>;
  refusals: Pick<Refusals, 'noteError' | 'ofLimits'>;
  outbox: (db: Db) => Outbox;
}

/** Returns the method of an authenticator as recorded in the audit trail. */
const nameOf = (method: AuthenticatorRow['method']): SecondFactorName =>
  isSentFactor(method) ? SENT[method].method : method;

export function secondFactors(deps: Deps): SecondFactors {
  const { db, accounts } = deps;
  const app = apps(deps);
  const book = recoveryCodeBook(deps);
  const sent = sentCodes({ ...deps, purpose: 'second_factor' });
  const { guess, attempt: attempted } = factorGuesses(deps);

  const confirmed = async (accountId: number): Promise<SecretRow[]> =>
    (await readAuthenticators(db, accountId)).filter(({ confirmedAt }) => confirmedAt !== null);

  async function found(accountId: number) {
    const account = await accounts.find(accountId);
    if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
    return account;
  }

  async function changed(
    tx: Db,
    accountId: number,
    event: AuditEvent['event'],
    method: AuthenticatorRow['method'],
  ): Promise<void> {
    await endRecovery({ db: tx, outbox: deps.outbox(tx) }, accountId, 'change');
    await audit({ db: tx }).record({ event, accountId, details: { method: nameOf(method) } });
    await tellEveryContact({ outbox: deps.outbox(tx) }, await existing(tx, accountId), {
      kind: 'second-factor-changed',
      values: {},
    });
  }

  /** Adds a second factor by `write`; returns recovery codes with the first. */
  const added = (
    accountId: number,
    method: AuthenticatorRow['method'],
    write: (tx: Db) => Promise<boolean>,
  ): Promise<{ recoveryCodes: string[] }> =>
    transaction(db, async (tx) => {
      await existing(tx, accountId);
      const isFirst = !(await isAnyConfirmed(tx, accountId));
      if (!(await write(tx))) throw new AppError('CODE_WRONG', { field: 'code' });
      await changed(tx, accountId, 'second_factor.added', method);
      return { recoveryCodes: isFirst ? await book.write(tx, accountId) : [] };
    });

  /**
   * Returns the codes with which the account can complete a second step; reads the account only if there can be some.
   */
  async function working(accountId: number, rows: readonly SecretRow[]): Promise<OfferedFactor[]> {
    if (!rows.some(({ method }) => isSentFactor(method))) return [];
    return sent.working(await accounts.find(accountId), rows);
  }

  /** Ends a recovery of the second factor, which is not lost. */
  const notLost = async (accountId: number): Promise<void> => {
    await transaction(db, (tx) =>
      endRecovery({ db: tx, outbox: deps.outbox(tx) }, accountId, 'second_factor'),
    );
  };

  const hasApp = (rows: readonly SecretRow[]): boolean => rows.some(({ method }) => method === 'totp');

  return {
    ...{ begin: app.begin, pending: app.pending },
    async isEnrolled(accountId) {
      const rows = await confirmed(accountId);
      return hasApp(rows) || (await working(accountId, rows)).length > 0;
    },
    async offer(accountId, after, { isWanted, hasNoAuthenticator }) {
      const rows = hasNoAuthenticator ? [] : await confirmed(accountId);
      const own = await working(accountId, rows);
      const isEnrolled = hasApp(rows) || own.length > 0;
      const all =
        isEnrolled || !isWanted ? own : sent.possible((await accounts.find(accountId)) ?? undefined);
      const offered = all.filter(({ factor }) => SENT[factor].method !== after);
      const methods: SecondFactorName[] = [
        ...(hasApp(rows) ? (['totp'] as const) : []),
        ...offered.map(({ factor }) => SENT[factor].method),
      ];
      // a recovery code replaces a factor that could be requested here; the method remains listed after the last code
      // is used
      const isReplaceable = isEnrolled && methods.length > 0;
      return {
        isEnrolled,
        methods: isReplaceable ? [...methods, 'recovery-code'] : methods,
        sent: offered,
        recoveryCodes: isReplaceable ? await countRecoveryCodes(db, accountId) : 0,
      };
    },
    async list(accountId) {
      const [rows, recoveryCodes] = await Promise.all([
        confirmed(accountId),
        countRecoveryCodes(db, accountId),
      ]);
      return {
        authenticators: rows.map(({ sealed: _sealed, lastStep: _step, now: _now, ...row }) => row),
        recoveryCodes,
      };
    },
    possible: async (accountId) => sent.possible(await accounts.find(accountId)),
    async confirm(accountId, code, origin) {
      const digits = requireCode(parseCode(code));
      const rows = await readAuthenticators(db, accountId);
      const waiting = rows.filter(({ confirmedAt }) => confirmedAt === null);
      const { id } = await guess(accountId, origin, () => app.useStep(waiting, digits));
      return added(accountId, 'totp', (tx) => confirmAuthenticator(tx, id));
    },
    send: async (accountId, factor, request) =>
      sent.send(await found(accountId), await confirmed(accountId), factor, request),
    async turnOn(accountId, factor, { code, browser, origin }) {
      const typed = { code: requireCode(parseCode(code)), browser };
      const account = await found(accountId);
      await guess(accountId, origin, async () => (await sent.use(account, [], factor, typed)) || undefined);
      return added(accountId, factor, (tx) => insertSentFactor(tx, accountId, factor));
    },
    async verify(accountId, code, attempt) {
      const digits = parseCode(code);
      const text = requireCode(digits ?? parseRecoveryCode(code));
      const name = await attempted(accountId, attempt, async (): Promise<SecondFactorName | undefined> => {
        const rows = await confirmed(accountId);
        if (digits !== undefined) return (await app.useStep(rows, digits)) && 'totp';
        return rows.length > 0 && (await book.use(accountId, text)) ? 'recovery-code' : undefined;
      });
      await notLost(accountId);
      return name;
    },
    async verifySent(accountId, factor, { code, browser, ...attempt }) {
      const digits = requireCode(parseCode(code));
      const account = await found(accountId);
      const rows = await confirmed(accountId);
      const name = await attempted(accountId, attempt, async () =>
        (await sent.use(account, rows, factor, { code: digits, browser })) ? SENT[factor].method : undefined,
      );
      if (!rows.some(({ method }) => method === factor)) return name;
      await touchSentFactor(db, accountId, factor);
      await notLost(accountId);
      return name;
    },
    async rename(accountId, id, name) {
      const text = parseAuthenticatorName(name);
      if (text === undefined) throw new AppError('INVALID_TEXT', { field: 'name' });
      await transaction(db, async (tx) => {
        if (!(await renameAuthenticator(tx, accountId, id, text))) throw new AppError('NOT_FOUND');
        const details = { method: nameOf('totp') };
        await audit({ db: tx }).record({ event: 'second_factor.renamed', accountId, details });
      });
    },
    remove: (accountId, id) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        const method = await deleteAuthenticator(tx, accountId, id);
        if (method === undefined) throw new AppError('NOT_FOUND');
        if (!(await isAnyConfirmed(tx, accountId))) await replaceRecoveryCodes(tx, accountId, []);
        await changed(tx, accountId, 'second_factor.removed', method);
      }),
    renewRecoveryCodes: (accountId) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        const row = (await readAuthenticators(tx, accountId)).find(({ confirmedAt }) => confirmedAt !== null);
        if (!row) throw new AppError('NOT_FOUND');
        await changed(tx, accountId, 'second_factor.codes_renewed', row.method);
        return book.write(tx, accountId);
      }),
  };
}
