import type { Db } from '../db/database.ts';
import { grants } from '../domain/access-grants/grants.ts';
import type { Accounts } from '../domain/accounts/accounts.ts';
import type { NationalIds } from '../domain/accounts/national-ids.ts';
import { history } from '../domain/audit/history.ts';
import { bindings } from '../domain/bindings/bindings.ts';
import { consents } from '../domain/consents/consents.ts';
import type { Credentials } from '../domain/credentials/credentials.ts';
import type { LastAccess } from '../domain/last-access/last-access.ts';
import type { Outbox } from '../domain/messages/outbox.ts';
import { lookups } from '../domain/partners/lookups.ts';
import { devices } from '../domain/push-devices/push-devices.ts';
import type { Counters } from '../domain/rate-limits/counters.ts';
import { sessions } from '../domain/sessions/sessions.ts';
import { accountExport } from '../domain/settings/account-export.ts';
import { linkedAccounts } from '../domain/settings/linked-accounts.ts';
import type { Subscriptions } from '../domain/subscriptions/subscriptions.ts';
import type { Keyring } from '../lib/keyring.ts';

interface OwnerDeps {
  db: Db;
  keyring: Keyring;
  accounts: Accounts;
  nationalIds: NationalIds;
  credentials: (db: Db) => Credentials;
  outbox: (db: Db) => Outbox;
  counters: Counters;
  lastAccess: LastAccess;
  subscriptions: Subscriptions;
}

/** What hangs on an account beside its profile: its owner sees all of it, ends it, and takes it away as a file. */
export function composeOwner(deps: OwnerDeps) {
  const { db } = deps;
  const seen = {
    bindings: bindings({ db }),
    consents: consents({ db }),
    devices: devices({ db }),
    grants: grants({ db }),
    lookups: lookups({ db }),
    sessions: sessions(deps),
  };
  return {
    ...seen,
    linkedAccounts: linkedAccounts(deps),
    accountExport: accountExport({ ...deps, ...seen, history: history({ db }) }),
  };
}
