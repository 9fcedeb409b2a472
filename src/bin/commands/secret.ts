import { Command } from 'commander';
import { reEncrypt } from '../../domain/secrets/re-encrypt.ts';
import { fields } from '../kit/answer.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const HELP = `
To change SECRET_KEY: append the new key to the old one (old,new) and restart every server, so that all can read
it. Move it to the front (new,old) and restart again. Run this command. Remove the old key and restart once more.
Cookies encrypted with the old key stop working, so people have to sign in again.`;

const reEncryptCommand = (setting: Setting): Command =>
  subcommand({
    name: 're-encrypt',
    description:
      're-encrypts all stored values with the newest SECRET_KEY, bound to their rows; safe to run repeatedly',
    example: 'secret re-encrypt',
  })
    .addHelpText('after', HELP)
    .action(
      working(setting, async ({ domain, database }) => {
        const found = await reEncrypt({ db: database.knex, keyring: domain.keyring });
        const { resealed, unreadable, conflicts } = found;
        const problems = [
          ...(unreadable > 0
            ? [`${unreadable} value(s) cannot be decrypted with any key in SECRET_KEY.`]
            : []),
          ...(conflicts > 0
            ? [`${conflicts} national ID(s) or API key(s) are duplicates and can no longer be looked up.`]
            : []),
        ];
        const text = [fields(resealed), ...problems].join('\n');
        return { data: found, text, failed: problems.length > 0 };
      }),
    );

export function secretCommands(setting: Setting): Command {
  return new Command('secret')
    .description('manages encryption at rest')
    .addCommand(reEncryptCommand(setting));
}
