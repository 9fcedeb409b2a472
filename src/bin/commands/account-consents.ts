import type { Command } from 'commander';
import { consentBody } from '../../apis/admin/wire.ts';
import { accountNamed, WHICH } from '../kit/account-named.ts';
import { table } from '../kit/answer.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

/** `account consents`: lists the consents that a person has given or withdrawn. */
export const accountConsentsCommand = (setting: Setting): Command =>
  subcommand({
    name: 'consents <account>',
    description: 'lists what a person accepted, allowed and withdrew, newest first',
    example: 'account consents 0812345678',
  })
    .addHelpText('after', WHICH)
    .action(
      working(setting, async (context, named: string) => {
        const { domain } = context;
        const { id } = await accountNamed(context, named);
        await domain.accountReads.find(id, 'consents');
        const records = (await domain.consentRecords.list(id)).map(consentBody);
        const head = ['purpose', 'version', 'language', 'channel', 'given', 'withdrawn'];
        const rows = records.map((one) => [
          ...[one.purpose, one.version, one.language, one.channel],
          ...[one.given_at, one.withdrawn_at],
        ]);
        return { data: { id, consents: records }, text: table(head, rows) };
      }),
    );
