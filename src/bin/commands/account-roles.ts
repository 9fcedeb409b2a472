import type { Command } from 'commander';
import { accountNamed, WHICH } from '../kit/account-named.ts';
import { fields } from '../kit/answer.ts';
import { collect } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

interface Options {
  add?: string[];
  remove?: string[];
}

/** `account roles`: changes the roles of an account, then shows them. */
export const accountRolesCommand = (setting: Setting): Command =>
  subcommand({
    name: 'roles <account>',
    description: 'shows, adds and removes roles of an account, which clients receive as the claim roles',
    example: 'account roles 0812345678 --add editor',
  })
    .option('--add <role>', 'a role of the setting roles (repeatable)', collect)
    .option('--remove <role>', 'a role that the account has (repeatable)', collect)
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (place, named: string, { add = [], remove = [] }: Options) => {
        const { id } = await accountNamed(place, named);
        const { accountRoles, accountReads } = place.domain;
        if (add.length + remove.length === 0) await accountReads.find(id, 'roles');
        for (const role of add) await accountRoles.add(id, role);
        for (const role of remove) await accountRoles.remove(id, role);
        const { roles, unconfigured } = await accountRoles.list(id);
        const data = { id, roles, unconfigured, configured: accountRoles.configured };
        return { data, text: fields(data) };
      }),
    );
