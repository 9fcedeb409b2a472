import { Command } from 'commander';
import { reEncrypt } from '../../domain/secrets/re-encrypt.ts';
import { fields } from '../kit/answer.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const HELP = `
To change SECRET_KEY: put the new key behind the old one (old,new) and restart every server, so that all can read
it; put it in front (new,old) and restart again; run this; then take the old key away and restart once more. Cookies
of the old key end with it: people sign in again.`;

const reEncryptCommand = (setting: Setting): Command =>
  subcommand({
    name: 're-encrypt',
    description:
      'encrypts everything stored again under the newest SECRET_KEY, bound to its row; safe to run twice',
    example: 'secret re-encrypt',
  })
    .addHelpText('after', HELP)
    .action(
      working(setting, async ({ domain, database }) => {
        const found = await reEncrypt({ db: database.knex, keyring: domain.keyring });
        const { resealed, unreadable, conflicts } = found;
        const problems = [
          ...(unreadable > 0 ? [`${unreadable} value(s) open with no key that SECRET_KEY has.`] : []),
          ...(conflicts > 0
            ? [
                `${conflicts} national id(s) or API key(s) are another's as well: they are no longer looked up.`,
              ]
            : []),
        ];
        const text = [fields(resealed), ...problems].join('\n');
        return { data: found, text, failed: problems.length > 0 };
      }),
    );

export function secretCommands(setting: Setting): Command {
  return new Command('secret').description('encryption at rest').addCommand(reEncryptCommand(setting));
}
