import type { Db } from '../../db/database.ts';
import type { Change } from '../../db/one-statement.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { accessGrants } from '../access-grants/access-grants.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
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
  /** What the person has allowed the client so far. */
  find(accountId: number, clientId: string): Promise<Consent | undefined>;
  /** The clients that the account allowed something, the one used last first. */
  list(accountId: number): Promise<AllowedClient[]>;
  /**
   * Forgets what was allowed, and ends every token that the client has of the account; a first party has tokens without
   * a consent. Throws `NOT_FOUND` when there is neither.
   */
  withdraw(accountId: number, clientId: string, by?: Pick<AuditEvent, 'requestId'>): Promise<void>;
  /** Adds to what was allowed. */
  grant(accountId: number, clientId: string, consent: Consent): Promise<void>;
  /** Notes, in a unit of work, that the client used it now. */
  usedStatement(accountId: number, clientId: string): Change;
}

export const consents = ({ db }: { db: Db }): Consents => ({
  find: (accountId, clientId) => readConsent(db, accountId, clientId),
  list: (accountId) => readAllowedClients(db, accountId),
  withdraw: (accountId, clientId, by = {}) =>
    transaction(db, async (tx) => {
      const consented = await deleteConsent(tx, accountId, clientId);
      const ended = await accessGrants({ db: tx }).endOfClient(accountId, clientId);
      if (!consented && ended === 0) throw new AppError('NOT_FOUND');
      const event = consented ? 'consent.withdrawn' : 'tokens.revoked';
      await audit({ db: tx }).record({ event, accountId, clientId, ...by });
    }),
  async grant(accountId, clientId, consent) {
    await mergeConsent(db, accountId, clientId, consent);
    await audit({ db }).record({
      event: 'consent.granted',
      accountId,
      clientId,
      details: { scope: consent.scopes.join(' ') },
    });
  },
  usedStatement: touchConsent,
});
