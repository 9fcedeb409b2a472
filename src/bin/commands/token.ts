import { Command } from 'commander';
import { audit } from '../../domain/audit/audit.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import { fields } from '../kit/answer.ts';
import { commandProvider } from '../kit/command-provider.ts';
import { positiveSeconds } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const initialAccess = (setting: Setting): Command =>
  subcommand({
    name: 'initial-access',
    description: 'issues an initial access token for dynamic client registration (RFC 7591 §3); shown once',
    example: 'token initial-access --expires 1h',
  })
    .option('--expires <time>', 'lifetime of the token (15m, 1h, 7d)', positiveSeconds, HOUR_SECONDS)
    .action(
      working(setting, async (context, { expires }: { expires: number }) => {
        const provider = await commandProvider(context);
        const token = await new provider.InitialAccessToken({ expiresIn: expires }).save();
        await audit({ db: context.database.knex }).record({
          event: 'token.initial_access_issued',
          details: { lifetime: expires },
        });
        const data = { initial_access_token: token, expires_in: expires };
        return { data, text: `${fields(data)}\nShown only once. Save it now.` };
      }),
    );

export function tokenCommands(setting: Setting): Command {
  return new Command('token').description('issues tokens').addCommand(initialAccess(setting));
}
