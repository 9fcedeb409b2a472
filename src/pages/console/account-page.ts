import type { Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { AdminScope } from '../../domain/operators/role.ts';
import type { Sent } from '../kit/form-errors.ts';
import type { ConsoleSubject } from '../page-data/console-accounts-data.ts';
import type { ConsolePageData } from '../page-data/console-data.ts';
import type { ConsoleFrame } from '../page-data/console-frame.ts';
import { accountIn } from './account-id.ts';
import { shownAccountName } from './account-name.ts';
import { ACCOUNTS_PATH } from './accounts.ts';
import { type ConsoleArea, type ConsoleForm, consolePage, type Visit, withOutcome } from './console-page.ts';

/** Pages about one account. */
export type AccountPageName = {
  [Name in keyof ConsolePageData]: ConsolePageData[Name] extends ConsoleSubject ? Name : never;
}[keyof ConsolePageData];

type Loaded<Name extends AccountPageName> = Omit<ConsolePageData[Name], keyof ConsoleSubject>;

export interface AccountPage<Name extends AccountPageName> {
  name: Name;
  /** Below the address of the account; empty for its first page. */
  part: AccountPart;
  scope?: AdminScope;
  outcomes?: readonly string[];
  /** `account` has been read under the operator's name. */
  load(account: Account, visit: Visit, sent: Sent | undefined): Promise<Loaded<Name>> | Loaded<Name>;
  forms?: readonly ConsoleForm[];
}

export type AccountPart =
  | ''
  | 'contacts'
  | 'profile'
  | 'sessions'
  | 'applications'
  | 'consents'
  | 'lookups'
  | 'roles'
  | 'actions';

export const accountPath = (id: number | string, part: AccountPart = ''): string =>
  [ACCOUNTS_PATH, id, ...(part ? [part] : [])].join('/');

/** What the audit log calls the part that is read. */
const readAs = (part: AccountPart): string => part || 'account';

/** The page of an account for its status, after a form has changed that. */
export const subjectOf = (account: Account): Omit<ConsoleSubject, keyof ConsoleFrame> => ({
  id: account.id,
  shownName: shownAccountName(account, account.id),
  status: account.status,
});

/** `/console/accounts/:id` and the pages below it. Each reading is an event of the account with the operator. */
export const accountPage = <Name extends AccountPageName>(
  area: ConsoleArea,
  reads: Pick<AccountReads, 'find'>,
  { part, scope = 'admin:accounts:read', load, ...page }: AccountPage<Name>,
): Middleware =>
  consolePage(area, {
    ...page,
    path: accountPath(':id', part),
    scope,
    async load(visit, sent) {
      const account = await reads.find(accountIn(visit.params), readAs(part));
      return { ...subjectOf(account), ...(await load(account, visit, sent)) } as never;
    },
  });

/** A form about an account: what it does, and what the page says then was done. */
export const accountForm = <Outcome extends string>(
  name: string,
  outcome: Outcome,
  does: (id: number, sent: Sent, visit: Visit) => Promise<unknown>,
  {
    destructive = false,
    next = '',
    scope = 'admin:accounts:write',
  }: { destructive?: boolean; next?: AccountPart; scope?: AdminScope } = {},
): ConsoleForm => ({
  action: `${accountPath(':id')}/${name}`,
  scope,
  destructive,
  async submit(sent, visit) {
    const id = accountIn(visit.params);
    await does(id, sent, visit);
    return withOutcome(accountPath(id, next), outcome);
  },
});
