import type { Db } from '../../../db/database.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../errors/app-error.ts';
import { addressKey } from '../../../lib/addresses.ts';
import { actAs } from '../../../lib/request-context.ts';
import { sha256 } from '../../../lib/sha256.ts';
import type { Account } from '../../accounts/account.ts';
import { type Accounts, existing } from '../../accounts/accounts.ts';
import { tellEveryContact } from '../../accounts/every-contact.ts';
import { type AuditEvent, audit, auditParts } from '../../audit/audit.ts';
import type { KnownOrigins, Origin } from '../../known-origins/known-origins.ts';
import type { Outbox } from '../../messages/outbox.ts';
import type { Ceremony } from '../../passkeys/challenges.ts';
import type { PasskeyUses, UsedPasskey } from '../../passkeys/passkey-uses.ts';
import type { Refusals } from '../../rate-limits/refusals.ts';
import type { SignInThrottle } from '../../rate-limits/sign-in-throttle.ts';
import { endRecovery } from '../../second-factors/recovery-end.ts';
import type { Authenticator } from '../authenticator.ts';
import { passkeyMethod } from './method.ts';

export interface PasskeyAttempt {
  ceremony: Ceremony;
  /** The browser's response, as JSON. */
  credential: string;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
}

export interface PasskeyAuthenticator extends Authenticator<PasskeyAttempt> {
  /** Returns the options for the browser, as JSON. */
  begin(ceremony: Ceremony): Promise<object>;
  /**
   * Returns the active account of the passkey. Throws `PASSKEY_REJECTED`, `PASSKEY_UNKNOWN` for a passkey that was
   * removed, and `TOO_MANY_ATTEMPTS`, by the limit that the caller's address shares with wrong passwords.
   */
  verify(attempt: PasskeyAttempt): Promise<Account>;
}

interface Deps {
  db: Db;
  uses: PasskeyUses;
  accounts: Pick<Accounts, 'find'>;
  throttle: Pick<SignInThrottle, 'reservePasskey'>;
  refusals: Pick<Refusals, 'noteError' | 'ofLimits'>;
  knownOrigins: Pick<KnownOrigins, 'rememberIn' | 'networkTag'>;
  outbox: (db: Db) => Outbox;
}

/** The failures of one IP address that are recorded in a window. */
const FAILURES_NOTED = 5;

export function passkeyAuthenticator(deps: Deps): PasskeyAuthenticator {
  const { db, uses, accounts, throttle, refusals, knownOrigins } = deps;

  /** Does not remove the passkey: its owner may have reset the device, and an attacker could have it removed. */
  async function tellOfCopy({ id, accountId }: UsedPasskey): Promise<void> {
    await transaction(db, async (tx) => {
      await audit({ db: tx }).record({ event: 'passkey.copied', accountId, details: { passkey: id } });
      await tellEveryContact({ outbox: deps.outbox(tx) }, await existing(tx, accountId), {
        kind: 'passkey-copied',
        values: {},
      });
    });
  }

  async function holderOf(used: UsedPasskey): Promise<Account> {
    if (used.isCopied) {
      await tellOfCopy(used);
      throw new AppError('PASSKEY_REJECTED', { reason: 'copied_passkey' });
    }
    const account = await accounts.find(used.accountId);
    if (account?.status !== 'active') throw new AppError('PASSKEY_REJECTED', { reason: 'not_active' });
    return account;
  }

  return {
    method: passkeyMethod,
    begin: uses.begin,
    async verify({ ceremony, credential, origin, clientId, requestId }) {
      const details = { method: passkeyMethod.name, network: knownOrigins.networkTag(origin) };
      const trail: Omit<AuditEvent, 'event'> = { clientId, requestId, details };
      const about = { subject: `passkey ${addressKey(origin.address)}`, address: origin.address };
      const reservation = await refusals.ofLimits(
        () => ({ ...trail, event: 'sign_in.refused' }),
        about,
        () => throttle.reservePasskey(sha256(ceremony.browser).toString('hex'), origin),
      );
      try {
        const used = await uses.verify(ceremony, credential);
        trail.accountId = used.accountId;
        const account = await holderOf(used);
        actAs(`account:${account.id}`);
        await transaction(db, (tx) =>
          endRecovery({ db: tx, outbox: deps.outbox(tx) }, account.id, 'second_factor'),
        );
        await knownOrigins.rememberIn(account.id, origin, (places) =>
          reservation.refundWith([...places, ...auditParts({ ...trail, event: 'sign_in.succeeded' })]),
        );
        return account;
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) await reservation.refund();
        else
          await refusals.noteError(
            error,
            { ...trail, event: 'sign_in.failed' },
            { ...about, most: FAILURES_NOTED },
          );
        throw error;
      }
    },
  };
}
