import { type Account, mainContact } from '../../domain/accounts/account.ts';
import type { Binding } from '../../domain/bindings/bindings.ts';
import type { Channel } from '../../domain/clients/client.ts';
import type { FoundAccount } from '../../domain/partners/account-search.ts';
import { isUpstreamBinding } from '../../domain/upstream/binding-name.ts';
import { epochSeconds } from '../../lib/clock.ts';

/** Whether a path belongs to this API. */
export const isPartnersPath = (path: string): boolean =>
  path === '/accounts' || path.startsWith('/accounts/');

const ACCOUNT_MODULE = 1504;
const SEARCH_MODULE = 1510;
const SEARCH_PATHS: readonly string[] = ['/accounts', '/accounts/verify'];

/** Returns the number of the platform module that responds, which is part of every response. */
export const platformModule = (path: string): number =>
  SEARCH_PATHS.includes(path) ? SEARCH_MODULE : ACCOUNT_MODULE;

const SUCCESS = { code: 10001, message: 'Success' } as const;

/** Unix seconds in a string. */
const timeText = (date: Date): string => String(epochSeconds(date));

/** The name of the id at a provider. Defaults to `external_id`. */
const EXTERNAL_ID: Readonly<Record<string, string>> = { truemoney: 'tmn_id' };

const bindingBody = ({ provider, externalId, status, createdAt, updatedAt }: Binding) => ({
  [EXTERNAL_ID[provider] ?? 'external_id']: externalId,
  updated_at: timeText(updatedAt),
  created_at: timeText(createdAt),
  status,
});

/** Returns the account information. Values that were never given are null. */
export const accountBody = (account: Account, bindings: readonly Binding[]) => {
  const mobile = mainContact(account, 'mobile');
  const email = mainContact(account, 'email');
  return {
    ...SUCCESS,
    platform_module: ACCOUNT_MODULE,
    data: {
      mobile: mobile?.value ?? null,
      email: email?.value ?? null,
      verified: mobile?.verified === true || email?.verified === true,
      bindings: Object.fromEntries(
        bindings
          .filter(({ provider }) => !isUpstreamBinding(provider))
          .map((binding) => [binding.provider, bindingBody(binding)]),
      ),
      contacts: account.contacts.map(({ kind, value, verified, preferred, addedAt, lastVerifiedAt }) => ({
        type: kind,
        identifier: value,
        verified,
        preferred,
        added_date: timeText(addedAt),
        last_verified: lastVerifiedAt && timeText(lastVerifiedAt),
      })),
      reg_date: timeText(account.createdAt),
    },
  };
};

const STATUS_NUMBERS: Readonly<Record<FoundAccount['status'], string>> = {
  active: '1',
  pending: '2',
  suspended: '3',
};

export const CHANNELS: readonly Channel[] = ['app', 'web', 'stb'];

/** The last use of an account, for the requested channels only. */
export type ShownAccess = Partial<Record<Channel, Date | null>>;

const entryOf = (
  { accountId, status, registeredBy }: FoundAccount,
  registrar: 'register_by' | 'register_by_app',
): Record<string, unknown> => ({
  uid: String(accountId),
  status: STATUS_NUMBERS[status],
  [registrar]: String(registeredBy),
});

const accessTimes = (access: ShownAccess): Record<string, string | null> =>
  Object.fromEntries(Object.entries(access).map(([channel, at]) => [channel, at && timeText(at)]));

/** Returns the response of the search: one entry, or none. */
export const searchBody = (found: FoundAccount | undefined, access: ShownAccess | undefined) => ({
  ...SUCCESS,
  platform_module: SEARCH_MODULE,
  report_dashboard: 0,
  data: found
    ? [{ ...entryOf(found, 'register_by'), ...(access ? { last_access: accessTimes(access) } : {}) }]
    : [],
});

/** Returns the response of the obsolete search. */
export const verifyBody = (found: FoundAccount | undefined) => ({
  dataReturn: found ? entryOf(found, 'register_by_app') : null,
});
