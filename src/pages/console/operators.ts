import type { Middleware } from 'koa';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import { parseOperatorIdentifier } from '../../domain/identifiers/identifier.ts';
import type { Identifiers } from '../../domain/identifiers/identifiers.ts';
import type { Operators } from '../../domain/operators/operators.ts';
import { isRole, type Role } from '../../domain/operators/role.ts';
import { AppError } from '../../errors/app-error.ts';
import { FormRefused } from '../kit/form-errors.ts';
import { momentWriter } from '../page-data/moment.ts';
import { accountIn } from './account-id.ts';
import { shownAccountName } from './account-name.ts';
import { type ConsoleArea, consolePage, withOutcome } from './console-page.ts';

interface Deps {
  operators: Operators;
  accounts: Pick<Accounts, 'find'>;
  identifiers: Pick<Identifiers, 'accountId'>;
  timeZone: string;
}

const PATH = '/console/operators';
const SCOPE = 'admin:operators:write';

const roleIn = (text: string | undefined): Role => {
  if (text === undefined || !isRole(text)) throw new AppError('BAD_REQUEST', { field: 'role' });
  return text;
};

/** `/console/operators`: who runs the deployment, and the role of each. */
export function operatorsPage(
  area: ConsoleArea,
  { operators, accounts, identifiers, timeZone }: Deps,
): Middleware {
  const written = momentWriter(timeZone);

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
    path: PATH,
    scope: SCOPE,
    outcomes: ['operator_added', 'operator_changed', 'operator_removed'],
    async load(_visit, sent) {
      const all = await operators.list();
      const people = await Promise.all(all.map(({ accountId }) => accounts.find(accountId)));
      return {
        operators: all.map(({ accountId, role, status, since }, index) => ({
          accountId,
          name: shownAccountName(people[index], accountId),
          ...{ role, status },
          since: written(since),
        })),
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
          return withOutcome(PATH, 'operator_added');
        },
      },
      {
        action: `${PATH}/change`,
        scope: SCOPE,
        destructive: true,
        async submit({ account, role }) {
          await operators.add(accountIn({ id: account }), roleIn(role));
          return withOutcome(PATH, 'operator_changed');
        },
      },
      {
        action: `${PATH}/remove`,
        scope: SCOPE,
        destructive: true,
        async submit({ account }) {
          await operators.remove(accountIn({ id: account }));
          return withOutcome(PATH, 'operator_removed');
        },
      },
    ],
  });
}
