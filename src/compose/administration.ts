import { type AccountListing, accountListing } from '../domain/administration/account-listing.ts';
import { type AccountReads, accountReads } from '../domain/administration/account-reads.ts';
import { type Locks, locks } from '../domain/administration/locks.ts';
import { type Traces, traces } from '../domain/administration/trace.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';
import type { Settings } from './settings.ts';

/** What operators do; the Admin API, the console and the command share it. */
export interface Administration {
  accountListing: AccountListing;
  accountReads: AccountReads;
  locks: Locks;
  traces: Traces;
}

export function composeAdministration(
  { db, config }: Foundation,
  facts: Facts & Pick<Settings, 'accountExport'>,
): Administration {
  const { accounts, nationalIds, auditSearch, outbox, refusedRequests, accountExport } = facts;
  return {
    accountListing: accountListing({ db, accounts, nationalIds }),
    accountReads: accountReads({ db, accounts, accountExport }),
    locks: locks({ db, perAccount: config.attempts.perAccount }),
    traces: traces({ auditSearch, outbox, refusedRequests }),
  };
}
