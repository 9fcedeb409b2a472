import type { Db } from '../../db/database.ts';
import { type Change, oneStatement, runStatement } from '../../db/one-statement.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { accessGrants } from '../access-grants/access-grants.ts';
import { existing } from '../accounts/accounts.ts';
import { type AuditEvent, audit, auditParts } from '../audit/audit.ts';
import { requireAuthority } from '../operators/authority.ts';
import {
  type AllowedClient,
  type Consent,
  deleteConsent,
  mergeConsent,
  readAllowedClients,
  readConsent,
  touchConsent,
} from './consent-store.ts';

export type { AllowedClient, Consent } from './consent-store.ts';

export interface Consents {
  /** Returns what the person has allowed the client so far. */
  find(accountId: number, clientId: string): Promise<Consent | undefined>;
  /** Returns the clients to which the account has given consent, most recently used first. */
  list(accountId: number): Promise<AllowedClient[]>;
  /**
   * Deletes the consent and revokes every token that the client has for the account. A first-party client has tokens
   * without a consent. Throws `NOT_FOUND` if there is neither, and `OPERATOR_PROTECTED`.
   */
  withdraw(accountId: number, clientId: string, by?: Pick<AuditEvent, 'requestId'>): Promise<void>;
  /** Adds to the consent. Throws `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`. */
  grant(accountId: number, clientId: string, consent: Consent): Promise<void>;
  /** The statements of `grant`, for a unit of work. */
  grantParts(accountId: number, clientId: string, consent: Consent): Change[];
  /** Records, in a unit of work, that the client has just used the consent. */
  usedStatement(accountId: number, clientId: string): Change;
}

/** Returns the statements that add to a consent and audit it. */
const grantParts: Consents['grantParts'] = (accountId, clientId, consent) => [
  mergeConsent(accountId, clientId, consent),
  ...auditParts({
    event: 'consent.granted',
    accountId,
    clientId,
    details: { scope: consent.scopes.join(' ') },
  }),
];

export const consents = ({ db }: { db: Db }): Consents => ({
  find: (accountId, clientId) => readConsent(db, accountId, clientId),
  list: (accountId) => readAllowedClients(db, accountId),
  withdraw: (accountId, clientId, by = {}) =>
    transaction(db, async (tx) => {
      await requireAuthority(tx, accountId);
      const consented = await deleteConsent(tx, accountId, clientId);
      const ended = await accessGrants({ db: tx }).endOfClient(accountId, clientId);
      if (!consented && ended === 0) throw new AppError('NOT_FOUND');
      const event = consented ? 'consent.withdrawn' : 'tokens.revoked';
      await audit({ db: tx }).record({ event, accountId, clientId, ...by });
    }),
  grant: (accountId, clientId, consent) =>
    transaction(db, async (tx) => {
      await existing(tx, accountId);
      await runStatement(tx, oneStatement(grantParts(accountId, clientId, consent)));
    }),
  grantParts,
  usedStatement: touchConsent,
});
