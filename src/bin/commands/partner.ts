import { Command } from 'commander';
import { encryptMobile } from '../../domain/clients/encrypted-mobile.ts';
import { parseMobile } from '../../domain/values/mobile.ts';
import { fields } from '../kit/answer.ts';
import { CommandError } from '../kit/failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const HELP = `
Prints a value for the parameter mobile_number of a code exchange. It differs every time. For other languages see
docs/partner-code-exchange.md.`;

const encryptMobileCommand = (setting: Setting): Command =>
  subcommand({
    name: 'encrypt-mobile <client> <mobile>',
    description: "encrypts a mobile number with the client's newest mobile key, as partners do",
    example: 'partner encrypt-mobile 2171 0812345678',
  })
    .addHelpText('after', HELP)
    .action(
      working(setting, async ({ config, domain }, id: string, text: string) => {
        const mobile = parseMobile(text, { countries: config.oneTimeCodes.countries });
        if (!mobile) throw new CommandError('This is not a valid mobile number.');
        if (!(await domain.clients.find(id))) throw new CommandError(`Unknown client '${id}'.`);
        const [key] = await domain.clients.validSecrets(id, 'mobile_key');
        if (key === undefined) throw new CommandError(`Client '${id}' has no mobile key.`);
        const data = { client_id: id, mobile_number: encryptMobile(key, mobile) };
        return { data, text: fields(data) };
      }),
    );

export function partnerCommands(setting: Setting): Command {
  return new Command('partner')
    .description('tools for testing a partner integration')
    .addCommand(encryptMobileCommand(setting));
}
