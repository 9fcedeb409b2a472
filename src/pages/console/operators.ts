import type { Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import { parseOperatorIdentifier } from '../../domain/identifiers/identifier.ts';
import type { Identifiers } from '../../domain/identifiers/identifiers.ts';
import type { Operator, Operators } from '../../domain/operators/operators.ts';
import { isRole, type Role } from '../../domain/operators/role.ts';
import { pageOfAll } from '../../domain/values/cursor.ts';
import { AppError } from '../../errors/app-error.ts';
import { FormRefused } from '../kit/form-errors.ts';
import type { ShownOperator } from '../page-data/console-data.ts';
import { type Moment, momentWriter } from '../page-data/moment.ts';
import { shownAccountName } from './account-name.ts';
import { type ConsoleArea, consolePage, withOutcome } from './console-page.ts';

interface Deps {
  operators: Operators;
  accounts: Pick<Accounts, 'find'>;
  identifiers: Pick<Identifiers, 'accountId'>;
  timeZone: string;
}

export const OPERATORS_PATH = '/console/operators';
const SCOPE = 'admin:operators:write';

const ON_PAGE = 15;

/** The role in a form. Throws `BAD_REQUEST`. */
export const roleIn = (text: string | undefined): Role => {
  if (text === undefined || !isRole(text)) throw new AppError('BAD_REQUEST', { field: 'role' });
  return text;
};

/** An operator as the console shows it. */
export const shownOperator =
  (written: (time: Date) => Moment) =>
  ({ accountId, role, status, since }: Operator, account: Account | undefined): ShownOperator => ({
    accountId,
    name: shownAccountName(account, accountId),
    ...{ role, status },
    since: written(since),
  });

/** Returns a key that sorts like the number. */
const keyOf = ({ accountId }: Operator): string => String(accountId).padStart(15, '0');

/** `/console/operators`: the operators of the deployment, and the role of each. */
export function operatorsPage(
  area: ConsoleArea,
  { operators, accounts, identifiers, timeZone }: Deps,
): Middleware {
  const shown = shownOperator(momentWriter(timeZone));

  async function activeAccount(text = ''): Promise<number> {
    const identifier = parseOperatorIdentifier(text.trim());
    const id = identifier && (await identifiers.accountId(identifier));
    const account = id === undefined ? undefined : await accounts.find(id);
    if (account?.status !== 'active')
      throw new FormRefused([{ field: 'account', code: 'ACCOUNT_NOT_FOUND' }]);
    return account.id;
  }

  return consolePage(area, {
    name: 'console/operators',
    path: OPERATORS_PATH,
    scope: SCOPE,
    outcomes: ['operator_added', 'operator_changed', 'operator_removed'],
    async load({ query }, sent) {
      const page = { limit: ON_PAGE, after: query.after || undefined };
      const { data, next } = pageOfAll('operators', await operators.list(), page, keyOf);
      const people = await Promise.all(data.map(({ accountId }) => accounts.find(accountId)));
      return {
        operators: data.map((operator, index) => shown(operator, people[index])),
        next: next === null ? null : `?${new URLSearchParams({ after: next })}`,
        typed: {
          account: sent?.account ?? '',
          role: isRole(sent?.role ?? '') ? (sent?.role as Role) : 'viewer',
        },
      };
    },
    forms: [
      {
        scope: SCOPE,
        destructive: true,
        async submit({ account, role }) {
          await operators.add(await activeAccount(account), roleIn(role));
          return withOutcome(OPERATORS_PATH, 'operator_added');
        },
      },
    ],
  });
}
