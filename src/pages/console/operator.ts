import type { Middleware } from 'koa';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import type { Operators } from '../../domain/operators/operators.ts';
import { AppError } from '../../errors/app-error.ts';
import { momentWriter } from '../page-data/moment.ts';
import { accountIn } from './account-id.ts';
import { type ConsoleArea, consolePage, withOutcome } from './console-page.ts';
import { OPERATORS_PATH, roleIn, shownOperator } from './operators.ts';

interface Deps {
  operators: Pick<Operators, 'find' | 'change' | 'remove'>;
  accounts: Pick<Accounts, 'find'>;
  timeZone: string;
}

const SCOPE = 'admin:operators:write';
const PATH = `${OPERATORS_PATH}/:id`;

/** `/console/operators/:id`: the role of one operator, with forms to change or remove it. */
export function operatorPage(area: ConsoleArea, { operators, accounts, timeZone }: Deps): Middleware {
  const shown = shownOperator(momentWriter(timeZone));
  return consolePage(area, {
    name: 'console/operator',
    path: PATH,
    scope: SCOPE,
    async load({ params }) {
      const operator = await operators.find(accountIn(params));
      if (!operator) throw new AppError('OPERATOR_NOT_FOUND');
      return shown(operator, await accounts.find(operator.accountId));
    },
    forms: [
      {
        action: `${PATH}/change`,
        scope: SCOPE,
        destructive: true,
        async submit({ role }, { params }) {
          await operators.change(accountIn(params), roleIn(role));
          return withOutcome(OPERATORS_PATH, 'operator_changed');
        },
      },
      {
        action: `${PATH}/remove`,
        scope: SCOPE,
        destructive: true,
        async submit(_sent, { params }) {
          await operators.remove(accountIn(params));
          return withOutcome(OPERATORS_PATH, 'operator_removed');
        },
      },
    ],
  });
}
