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
  /** The path below the address of the account. Empty for its first page. */
  part: AccountPart;
  scope?: AdminScope;
  outcomes?: readonly string[];
  /** `account` was read on behalf of the operator, which the audit log records. */
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

/** The name of the read part in the audit log. */
const readAs = (part: AccountPart): string => part || 'account';

/** The common data of the pages about an account. */
export const subjectOf = (account: Account): Omit<ConsoleSubject, keyof ConsoleFrame> => ({
  id: account.id,
  shownName: shownAccountName(account, account.id),
  status: account.status,
});

/**
 * `/console/accounts/:id` and the pages below it. Each read access is an audit event of the account that names the
 * operator.
 */
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

/** A form about an account, with its action and the outcome that the next page shows. */
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
