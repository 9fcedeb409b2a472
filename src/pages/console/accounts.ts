import type { Middleware } from 'koa';
import { type Account, mainContact } from '../../domain/accounts/account.ts';
import type { AccountFinder } from '../../domain/administration/account-finder.ts';
import type { AccountListing, ListFilter } from '../../domain/administration/account-listing.ts';
import type { ListedAccount } from '../page-data/console-accounts-data.ts';
import { momentWriter } from '../page-data/moment.ts';
import { shownAccountName } from './account-name.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  accountListing: Pick<AccountListing, 'list'>;
  accountFinder: AccountFinder;
  timeZone: string;
}

export const ACCOUNTS_PATH = '/console/accounts';
const SCOPE = 'admin:accounts:read';
const ON_PAGE = 15;
const STATUSES = ['active', 'pending', 'suspended'] as const;

const statusIn = (text: string | undefined): ListFilter['status'] =>
  STATUSES.find((status) => status === text);

/**
 * `/console/accounts`: all accounts, newest first, and the search. The search term is only in the body of a form,
 * because personal data is never part of a URL.
 */
export function accountsPage(area: ConsoleArea, deps: Deps): Middleware {
  const { accountListing, accountFinder, timeZone } = deps;
  const written = momentWriter(timeZone);
  const listed = (account: Account): ListedAccount => ({
    id: account.id,
    name: shownAccountName(account, account.id),
    status: account.status,
    mobile: mainContact(account, 'mobile')?.value ?? null,
    email: mainContact(account, 'email')?.value ?? null,
    createdAt: written(account.createdAt),
  });

  return consolePage(area, {
    name: 'console/accounts',
    path: ACCOUNTS_PATH,
    scope: SCOPE,
    outcomes: ['erased'],
    async load({ query }, sent) {
      const searched = sent?.q?.trim() ?? '';
      const status = statusIn(query.status);
      const page = { limit: ON_PAGE, after: (sent ?? query).after || undefined };
      const { data, next } = searched
        ? await accountFinder.find(searched, page)
        : await accountListing.list({ status }, page);
      return { accounts: data.map(listed), next, searched, status: status ?? null };
    },
    forms: [{ scope: SCOPE }],
  });
}
