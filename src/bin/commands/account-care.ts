import type { Command } from 'commander';
import { exportFile } from '../../domain/settings/export-file.ts';
import { accountNamed, WHICH } from '../kit/account-named.ts';
import { usage } from '../kit/failure.ts';
import { pageSize } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import { shownEvent, timeline } from '../kit/timeline.ts';

/** `account history`: shows the audit trail of an account. */
export const accountHistoryCommand = (setting: Setting): Command =>
  subcommand({
    name: 'history <account>',
    description: 'shows what happened to an account and why its sign-ins failed, newest first',
    example: 'account history 0812345678',
  })
    .option('--limit <number>', 'how many events at most', pageSize, 50)
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (place, named: string, { limit }: { limit: number }) => {
        const { id } = await accountNamed(place, named);
        await place.domain.accountReads.find(id, 'history');
        const [{ data }, lockedUntil] = await Promise.all([
          place.domain.auditSearch.page({ accountId: id }, { limit }),
          place.domain.locks.lockedUntil(id),
        ]);
        const lock = lockedUntil
          ? `\n\nLocked until ${lockedUntil.toISOString()}. To unlock it: pratu account unlock ${id}`
          : '';
        return {
          data: { id, locked_until: lockedUntil ?? null, events: data.map(shownEvent) },
          text: `${timeline(data)}${lock}`,
        };
      }),
    );

export const accountUnlockCommand = (setting: Setting): Command =>
  subcommand({
    name: 'unlock <account>',
    description: 'lets an account sign in again that too many wrong passwords or codes have locked',
    example: 'account unlock 0812345678',
  })
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (place, named: string) => {
        const { id } = await accountNamed(place, named);
        await place.domain.locks.unlock(id);
        return { data: { id, unlocked: true }, text: `Account ${id} is unlocked.` };
      }),
    );

export const accountSetPasswordCommand = (setting: Setting): Command =>
  subcommand({
    name: 'set-password <account>',
    description: 'sets a new password, ends all sessions and tokens, and notifies the account',
    example: 'account set-password 0812345678 --password-stdin',
  })
    .option('--password-stdin', 'reads the password from the first line of the standard input')
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (place, named: string, { passwordStdin }: { passwordStdin?: boolean }) => {
        if (!passwordStdin)
          throw usage('Add --password-stdin: a password on the command line is visible to others.');
        const account = await accountNamed(place, named);
        const [password = ''] = (await place.terminal.readInput()).split(/\r?\n/, 1);
        if (password === '') throw usage('--password-stdin: no password on standard input.');
        const preservedSession = { generation: account.generation };
        await place.domain.passwordChange.change({ accountId: account.id, next: password, preservedSession });
        return {
          data: { id: account.id, password_set: true },
          text: `Account ${account.id} has a new password and is signed out everywhere.`,
        };
      }),
    );

export const accountExportCommand = (setting: Setting): Command =>
  subcommand({
    name: 'export <account>',
    description: 'prints everything that is stored about a person as JSON',
    example: 'account export 42 > person.json',
  })
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (place, named: string) => {
        const { id } = await accountNamed(place, named);
        const exported = await place.domain.accountReads.export(id);
        const data = exportFile(exported, { issuer: place.config.server.issuer, at: place.clock.now() });
        return { data, text: JSON.stringify(data, null, 2) };
      }),
    );
