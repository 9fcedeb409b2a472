import type { Command } from 'commander';
import type { NewContact } from '../../domain/contacts/contacts.ts';
import type { NewAccount } from '../../domain/lifecycle/lifecycle.ts';
import { parseMobile } from '../../domain/values/mobile.ts';
import { parsePersonName } from '../../domain/values/person-name.ts';
import { AppError } from '../../errors/app-error.ts';
import { fields } from '../kit/answer.ts';
import { usage } from '../kit/failure.ts';
import { shownAccount } from '../kit/shown-account.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import type { Terminal } from '../kit/terminal.ts';

interface Options {
  mobile?: string;
  email?: string;
  firstName?: string;
  lastName?: string;
  verified?: boolean;
  pending?: boolean;
  passwordStdin?: boolean;
}

function contactsOf(
  { mobile, email, verified = false }: Options,
  countries: readonly string[],
): NewContact[] {
  if (mobile !== undefined && !parseMobile(mobile, { countries })) throw new AppError('INVALID_MOBILE');
  const contacts: NewContact[] = [
    ...(mobile === undefined ? [] : [{ kind: 'mobile' as const, value: mobile, verified }]),
    ...(email === undefined ? [] : [{ kind: 'email' as const, value: email, verified }]),
  ];
  if (contacts.length === 0) throw usage('An account needs --mobile or --email.');
  return contacts;
}

function nameOf(given: string | undefined): string | null {
  if (given === undefined) return null;
  const name = parsePersonName(given);
  if (name === undefined) throw new AppError('INVALID_NAME');
  return name;
}

/** Reads the first line of standard input. Throws a usage error when it is empty. */
async function readPassword(terminal: Terminal): Promise<string> {
  const [password = ''] = (await terminal.readInput()).split(/\r?\n/, 1);
  if (password === '') throw usage('--password-stdin: no password on standard input.');
  return password;
}

export const accountCreateCommand = (setting: Setting): Command =>
  subcommand({
    name: 'create',
    description: 'creates an account',
    example:
      'account create --mobile 0879630303 --email nok@example.com --verified --password-stdin < password.txt',
  })
    .option('--mobile <number>', 'a mobile')
    .option('--email <address>', 'an e-mail address')
    .option('--first-name <name>', 'first name')
    .option('--last-name <name>', 'last name')
    .option('--verified', 'marks the contacts as verified (an unverified mobile cannot sign in)')
    .option('--pending', 'creates the account as pending, to be activated later')
    .option('--password-stdin', 'reads the password from the first line of standard input')
    .action(
      working(setting, async ({ config, domain, terminal }, options: Options) => {
        const account: NewAccount = {
          contacts: contactsOf(options, config.oneTimeCodes.countries),
          profile: { firstName: nameOf(options.firstName), lastName: nameOf(options.lastName) },
          status: options.pending ? 'pending' : 'active',
          ...(options.passwordStdin ? { password: await readPassword(terminal) } : {}),
        };
        const shown = shownAccount(await domain.lifecycle.create(account));
        const contacts = shown.contacts.map(({ value }) => value);
        return { data: shown, text: fields({ ...shown, contacts }) };
      }),
    );
