import type { Db } from '../../db/database.ts';
import { DAY_SECONDS, MINUTE_SECONDS } from '../../lib/durations.ts';
import { audit } from '../audit/audit.ts';
import type { LastAccess } from '../last-access/last-access.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll, type Limit } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { type AllowingPurpose, readByContact, type SearchedContact } from './account-search-store.ts';

export type { SearchedContact } from './account-search-store.ts';

export interface Search {
  clientId: string;
  identifier: SearchedContact;
  /** The reason, as stated by the partner. The account's owner can read it. */
  purpose?: string | undefined;
  requestId?: string | undefined;
}

export interface FoundAccount {
  accountId: number;
  status: 'active' | 'pending' | 'suspended';
  /** The number of the client that registered the account; 0 if none did. */
  registeredBy: number;
}

export interface AccountSearch {
  /**
   * Returns the account that has verified this mobile or e-mail. Returns undefined when none has, or when its owner has
   * not allowed lookups where they require consent. Every search is counted and audited. Throws `TOO_MANY_ATTEMPTS`
   * beyond the client's quotas.
   */
  find(search: Search): Promise<FoundAccount | undefined>;
  /** Returns when the account was last used, by channel. */
  lastAccess: LastAccess['of'];
}

interface Deps {
  db: Db;
  digest: LastingDigest;
  counters: Counters;
  refusals: Pick<Refusals, 'ofLimits'>;
  lastAccess: LastAccess;
  /** The search quotas of one client. */
  quotas: { searchesPerMinute: number; searchesPerDay: number };
  /** The consents of which one must be given; undefined where lookups require none. */
  allowing?: readonly AllowingPurpose[] | undefined;
}

const DIGEST_CONTEXT = 'audit identifier';

export const accountSearch = ({
  db,
  digest,
  counters,
  refusals,
  lastAccess,
  quotas,
  allowing,
}: Deps): AccountSearch => ({
  lastAccess: lastAccess.of,
  async find({ clientId, identifier, purpose, requestId }) {
    const name = `searches of client ${clientId}`;
    const limits: Limit[] = [
      {
        name: `${name} a minute`,
        limit: quotas.searchesPerMinute,
        windowSeconds: MINUTE_SECONDS,
        label: 'searches_minute',
      },
      {
        name: `${name} a day`,
        limit: quotas.searchesPerDay,
        windowSeconds: DAY_SECONDS,
        label: 'searches_day',
      },
    ];
    await refusals.ofLimits(
      () => ({ event: 'client.refused', clientId, requestId }),
      { subject: name },
      () => consumeAll(counters, limits),
    );
    const found = await readByContact(db, identifier, allowing);
    const { kind, key } = identifier;
    await audit({ db }).record({
      event: 'account.looked_up',
      accountId: found?.id,
      clientId,
      requestId,
      details: {
        purpose: purpose ?? null,
        found: found !== undefined,
        // distinguishes repeated searches for one identifier from searches for different ones, and reveals nothing else
        identifier: digest(DIGEST_CONTEXT, `${kind} ${key}`).toString('base64url'),
      },
    });
    return found && { accountId: found.id, status: found.status, registeredBy: found.registered_by };
  },
});
