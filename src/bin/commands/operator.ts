import { Command, Option } from 'commander';
import { ROLES, type Role } from '../../domain/operators/role.ts';
import { accountNamed, WHICH } from '../kit/account-named.ts';
import { table } from '../kit/answer.ts';
import { shownAccount } from '../kit/shown-account.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const add = (setting: Setting): Command =>
  subcommand({
    name: 'add <account>',
    description: 'makes an account an operator, or changes its role',
    example: 'operator add somying@example.com --role admin',
  })
    .addOption(
      new Option('--role <role>', 'what the operator may do').choices(ROLES).makeOptionMandatory(true),
    )
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (place, named: string, { role }: { role: Role }) => {
        const { id } = await accountNamed(place, named);
        await place.domain.operators.add(id, role);
        return { data: { id, role }, text: `Account ${id} is an operator with the role ${role}.` };
      }),
    );

const list = (setting: Setting): Command =>
  subcommand({
    name: 'list',
    description: 'lists the operators and their roles',
    example: 'operator list',
  }).action(
    working(setting, async ({ domain }) => {
      const operators = await Promise.all(
        (await domain.operators.list()).map(async ({ accountId, role, status, since }) => {
          const account = await domain.accounts.find(accountId);
          return { id: accountId, role, status, name: account ? shownAccount(account).name : null, since };
        }),
      );
      const rows = operators.map(({ id, role, status, name, since }) => [id, role, status, name, since]);
      return { data: operators, text: table(['account', 'role', 'status', 'name', 'since'], rows) };
    }),
  );

const remove = (setting: Setting): Command =>
  subcommand({
    name: 'remove <account>',
    description: 'removes the role of an operator; ends its access to console and Admin API at once',
    example: 'operator remove somying@example.com',
  })
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (place, named: string) => {
        const { id } = await accountNamed(place, named);
        await place.domain.operators.remove(id);
        return { data: { id, removed: true }, text: `Account ${id} is no longer an operator.` };
      }),
    );

export function operatorCommands(setting: Setting): Command {
  const group = new Command('operator').description('people who run the deployment, and their roles');
  for (const make of [add, list, remove]) group.addCommand(make(setting));
  return group;
}
