import type { AccountRoles } from '../../domain/account-roles/account-roles.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import { accountIdIn, type Described, noContent, ok, type Reply } from './operation.ts';

export interface RolesDeps {
  accountRoles: AccountRoles;
  accountReads: Pick<AccountReads, 'find'>;
}

const PATH = '/admin/v1/accounts/:id/roles';

export function roleOperations({ accountRoles, accountReads }: RolesDeps): Described[] {
  async function shown(id: number): Promise<Reply> {
    const { roles, unconfigured } = await accountRoles.list(id);
    return ok({ data: roles, unconfigured, configured: accountRoles.configured });
  }

  return [
    {
      id: 'listRoles',
      method: 'get',
      path: PATH,
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'roles');
        return shown(id);
      },
    },
    {
      id: 'addRole',
      method: 'post',
      path: PATH,
      hasBody: true,
      async run(parts) {
        const id = accountIdIn(parts);
        await accountRoles.add(id, (parts.body as { role: string }).role);
        return shown(id);
      },
    },
    {
      id: 'removeRole',
      method: 'delete',
      path: `${PATH}/:role`,
      async run(parts) {
        await accountRoles.remove(accountIdIn(parts), parts.params.role ?? '');
        return noContent;
      },
    },
  ];
}
