import { Command } from 'commander';
import type { Account } from '../../domain/accounts/account.ts';
import { accountNamed, WHICH } from '../kit/account-named.ts';
import { fields } from '../kit/answer.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { confirm } from '../kit/confirm.ts';
import { shownAccount } from '../kit/shown-account.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import {
  accountExportCommand,
  accountHistoryCommand,
  accountSetPasswordCommand,
  accountUnlockCommand,
} from './account-care.ts';
import { accountConsentsCommand } from './account-consents.ts';
import { accountCreateCommand } from './account-create.ts';
import { accountListCommand, accountSearchCommand } from './account-find.ts';
import { accountImportCommand } from './account-import.ts';
import { accountRolesCommand } from './account-roles.ts';

const ARGUMENT = '<account>';

interface Action {
  name: string;
  description: string;
  /** Performs the action. Returns the data for `--json` and the outcome for people. */
  run(context: CommandContext, account: Account): Promise<{ data: object; outcome: string }>;
}

const ACTIONS: readonly Action[] = [
  {
    name: 'suspend',
    description: 'suspends an account and ends all its sessions, tokens and keys at once',
    async run({ domain }, { id }) {
      await domain.lifecycle.suspend(id);
      return { data: { status: 'suspended' }, outcome: 'is suspended' };
    },
  },
  {
    name: 'activate',
    description: 'activates a pending or suspended account; its earlier sessions and tokens stay invalid',
    async run({ domain }, { id }) {
      await domain.lifecycle.activate(id);
      return { data: { status: 'active' }, outcome: 'is active' };
    },
  },
  {
    name: 'logout',
    description: 'signs an account out everywhere: ends all its sessions, tokens and keys',
    async run({ domain }, { id }) {
      await domain.lifecycle.signOutEverywhere(id);
      return { data: { signed_out: true }, outcome: 'is signed out everywhere' };
    },
  },
  {
    name: 'remove-authenticators',
    description:
      'removes the passkeys, authenticator apps and recovery codes of an account whose owner has lost them; notifies the account',
    async run({ domain }, { id }) {
      const authenticators = await domain.heldAuthenticators.list(id);
      for (const authenticator of authenticators)
        await domain.heldAuthenticators.remove(id, authenticator.id);
      return {
        data: { removed: authenticators.length },
        outcome: authenticators.length > 0 ? 'has no authenticator any more' : 'had no authenticator',
      };
    },
  },
  {
    name: 'release-mobile',
    description:
      'removes the mobile numbers of an account, for a number with a new owner; notifies the account by e-mail',
    async run({ domain }, { id }) {
      const released = await domain.releases.mobile(id);
      return {
        data: { released },
        outcome: released ? 'has no mobile number any more' : 'had no mobile number',
      };
    },
  },
  {
    name: 'release-national-id',
    description: 'removes the national ID of an account that cannot prove it; notifies the account by e-mail',
    async run({ domain }, { id }) {
      const released = await domain.releases.nationalId(id);
      return { data: { released }, outcome: released ? 'has no national ID any more' : 'had no national ID' };
    },
  },
];

const actionCommand = (setting: Setting, { name, description, run }: Action): Command =>
  subcommand({ name: `${name} ${ARGUMENT}`, description, example: `account ${name} 0812345678` })
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (context, named: string) => {
        const account = await accountNamed(context, named);
        const { data, outcome } = await run(context, account);
        return { data: { id: account.id, ...data }, text: `Account ${account.id} ${outcome}.` };
      }),
    );

const showOne = (setting: Setting): Command =>
  subcommand({
    name: `show ${ARGUMENT}`,
    description: 'shows an account and its contacts',
    example: 'account show somchai@example.com',
  })
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (context, named: string) => {
        const { id } = await accountNamed(context, named);
        const shown = shownAccount(await context.domain.accountReads.find(id, 'account'));
        const contacts = shown.contacts.map(({ value, verified, confirmed }) => {
          const state = [...(verified ? [] : ['not verified']), ...(confirmed ? [] : ['not confirmed'])];
          return state.length === 0 ? value : `${value} (${state.join(', ')})`;
        });
        return { data: shown, text: fields({ ...shown, contacts }) };
      }),
    );

const remove = (setting: Setting): Command =>
  subcommand({
    name: `remove ${ARGUMENT}`,
    description: 'erases an account and its personal data; its ID is never reused',
    example: 'account remove 42 --yes',
  })
    .option('--yes', 'does not ask for confirmation')
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (context, named: string, { yes }: { yes?: boolean }) => {
        const { id } = await accountNamed(context, named);
        await confirm(context.terminal, `Permanently erase all data of account ${id}?`, yes);
        const { receipt } = await context.domain.lifecycle.remove(id, 'operator');
        return { data: { id, removed: true, receipt }, text: `Account ${id} has been erased.\n${receipt}` };
      }),
    );

const COMMANDS = [
  accountCreateCommand,
  accountListCommand,
  accountSearchCommand,
  accountImportCommand,
  showOne,
  accountHistoryCommand,
  accountUnlockCommand,
  accountSetPasswordCommand,
  accountRolesCommand,
  accountExportCommand,
  accountConsentsCommand,
  remove,
];

export function accountCommands(setting: Setting): Command {
  const group = new Command('account').description('manages customer accounts');
  for (const make of COMMANDS) group.addCommand(make(setting));
  for (const action of ACTIONS) group.addCommand(actionCommand(setting, action));
  return group;
}
