import { type AccountSearch, accountSearch } from '../domain/partners/account-search.ts';
import { type Lookups, lookups } from '../domain/partners/lookups.ts';
import { type MobileChecks, mobileChecks } from '../domain/partners/mobile-checks.ts';
import { type Partners, partners } from '../domain/partners/partners.ts';
import { recordTries } from '../storage/record-tries.ts';
import type { ComposedClients } from './clients.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';

/** The queries that partners may make, and the record of them that the account holder sees. */
export interface ComposedPartners {
  accountSearch: AccountSearch;
  lookups: Lookups;
  mobileChecks: MobileChecks;
  partners: Partners;
}

type Below = Pick<Facts, 'consentRecords' | 'contacts' | 'lastAccess' | 'refusals'> &
  Pick<ComposedClients, 'clients' | 'clientCache'>;

export function composePartners(foundation: Foundation, below: Below): ComposedPartners {
  const { config, db, digest, addressCounters } = foundation;
  const { clients, clientCache, contacts, lastAccess, refusals, consentRecords } = below;
  return {
    accountSearch: accountSearch({
      db,
      digest,
      counters: addressCounters,
      refusals,
      lastAccess,
      quotas: config.partners,
      allowing: config.partners.needConsent
        ? consentRecords.purposes.filter(({ covers }) => covers.includes('partners'))
        : undefined,
    }),
    lookups: lookups({ db }),
    mobileChecks: mobileChecks({
      clients,
      contacts,
      tries: recordTries({ db }),
      countries: config.oneTimeCodes.countries,
    }),
    partners: partners({ clients, clientCache, refusals }),
  };
}
