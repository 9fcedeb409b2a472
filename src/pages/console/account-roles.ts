import type { Middleware } from 'koa';
import type { AccountRoles } from '../../domain/account-roles/account-roles.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import { accountForm, accountPage } from './account-page.ts';
import type { ConsoleArea } from './console-page.ts';

interface Deps {
  accountReads: Pick<AccountReads, 'find'>;
  accountRoles: AccountRoles;
}

/** `/console/accounts/:id/roles`: the account's roles in the applications, which administrators assign. */
export function accountRolesPage(area: ConsoleArea, { accountReads, accountRoles }: Deps): Middleware {
  const form = { destructive: true, next: 'roles', scope: 'admin:roles:write' } as const;
  return accountPage(area, accountReads, {
    name: 'console/account-roles',
    part: 'roles',
    outcomes: ['role_added', 'role_removed'],
    async load({ id }) {
      const { roles, unconfigured } = await accountRoles.list(id);
      return {
        ...{ roles, unconfigured },
        offered: accountRoles.configured.filter((role) => !roles.includes(role)),
      };
    },
    forms: [
      accountForm('add-role', 'role_added', (id, { role = '' }) => accountRoles.add(id, role), form),
      accountForm('remove-role', 'role_removed', (id, { role = '' }) => accountRoles.remove(id, role), form),
    ],
  });
}
