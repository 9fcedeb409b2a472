import type { Db } from '../../db/database.ts';
import { audit } from '../audit/audit.ts';
import type { Statement } from '../records/record.ts';
import { type Consent, mergeConsent, readConsent, touchConsent } from './consent-store.ts';

export type { Consent } from './consent-store.ts';

export interface Consents {
  /** What the person has allowed the client so far. */
  find(accountId: number, clientId: string): Promise<Consent | undefined>;
  /** Adds to what was allowed. */
  grant(accountId: number, clientId: string, consent: Consent): Promise<void>;
  /** Notes, in a unit of work, that the client used it now. */
  usedStatement(accountId: number, clientId: string): Statement;
}

export const consents = ({ db }: { db: Db }): Consents => ({
  find: (accountId, clientId) => readConsent(db, accountId, clientId),
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
