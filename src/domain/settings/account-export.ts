import { AppError } from '../../errors/app-error.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import type { AccessGrants, ClientGrant } from '../access-grants/access-grants.ts';
import type { AccountRoles } from '../account-roles/account-roles.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import type { History, HistoryEntry } from '../audit/history.ts';
import type { Binding, Bindings } from '../bindings/bindings.ts';
import type { ConsentRecord } from '../consent-records/consent-record.ts';
import type { ConsentRecords } from '../consent-records/consent-records.ts';
import type { AllowedClient, Consents } from '../consents/consents.ts';
import type { LastAccess } from '../last-access/last-access.ts';
import type { Lookup, Lookups } from '../partners/lookups.ts';
import type { PushDevices } from '../push-devices/push-devices.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { Sessions, SignedInBrowser } from '../sessions/sessions.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import type { HeldAuthenticator, HeldAuthenticators } from './held-authenticators.ts';

/** All data stored about a person, without hashes, secrets and codes. */
export interface ExportedAccount {
  account: Account;
  nationalId: string | null;
  authenticators: readonly HeldAuthenticator[];
  /** The roles that clients may be given. */
  roles: string[];
  bindings: Binding[];
  consents: AllowedClient[];
  consentRecords: ConsentRecord[];
  browsers: SignedInBrowser[];
  grants: ClientGrant[];
  /** The registration times of the devices that receive notifications, oldest first. */
  devices: Date[];
  subscriptions: Subscription[];
  lastAccesses: Awaited<ReturnType<LastAccess['of']>>;
  lookups: Lookup[];
  history: HistoryEntry[];
}

export interface AccountExport {
  /** For the owner only, who has just reauthenticated. Throws `ACCOUNT_NOT_FOUND`, `TOO_MANY_ATTEMPTS`. */
  of(accountId: number): Promise<ExportedAccount>;
  /** The same without a limit, for operators. Throws `ACCOUNT_NOT_FOUND`. */
  collect(accountId: number): Promise<ExportedAccount>;
}

interface Deps {
  accounts: Pick<Accounts, 'find'>;
  nationalIds: Pick<NationalIds, 'read'>;
  heldAuthenticators: Pick<HeldAuthenticators, 'list'>;
  accountRoles: Pick<AccountRoles, 'of'>;
  bindings: Pick<Bindings, 'list'>;
  consents: Pick<Consents, 'list'>;
  consentRecords: Pick<ConsentRecords, 'list'>;
  sessions: Pick<Sessions, 'list'>;
  accessGrants: Pick<AccessGrants, 'list'>;
  pushDevices: Pick<PushDevices, 'registrations'>;
  subscriptions: Pick<Subscriptions, 'list'>;
  lastAccess: Pick<LastAccess, 'of'>;
  lookups: Pick<Lookups, 'of'>;
  history: History;
  counters: Counters;
  refusals: Pick<Refusals, 'ofLimits'>;
}

const AN_HOUR = 10;

export function accountExport(deps: Deps): AccountExport {
  async function collect(id: number): Promise<ExportedAccount> {
    const account = await deps.accounts.find(id);
    if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
    return {
      account,
      nationalId: (await deps.nationalIds.read(id)) ?? null,
      authenticators: await deps.heldAuthenticators.list(id),
      roles: await deps.accountRoles.of(id),
      bindings: await deps.bindings.list(id),
      consents: await deps.consents.list(id),
      consentRecords: await deps.consentRecords.list(id),
      browsers: await deps.sessions.list(id),
      grants: await deps.accessGrants.list(id),
      devices: await deps.pushDevices.registrations(id),
      subscriptions: await deps.subscriptions.list(id),
      lastAccesses: await deps.lastAccess.of(id),
      lookups: await deps.lookups.of(id),
      history: await deps.history.of(id),
    };
  }

  return {
    collect,
    async of(id) {
      const limit = { name: `export ${id}`, limit: AN_HOUR, windowSeconds: HOUR_SECONDS } as const;
      await deps.refusals.ofLimits(
        () => ({ event: 'limit.refused', accountId: id }),
        { subject: limit.name },
        () => consumeAll(deps.counters, [{ ...limit, label: 'exports' }]),
      );
      return collect(id);
    },
  };
}
