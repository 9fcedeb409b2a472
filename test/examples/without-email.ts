import { command } from '../support/command.ts';
import { SOMCHAI } from '../support/sign-in.ts';

interface Person {
  login: string;
  password: string;
  /** What the apps should call the person. */
  name: string;
}

const MALI: Person = { login: '0890001122', password: SOMCHAI.password, name: 'มะลิ ซ้อน' };

let created: Promise<Person> | undefined;

/** An account with a mobile number and no e-mail address, as many are, at the server that the examples share. */
export function personWithoutEmail(issuer: string): Promise<Person> {
  created ??= (async () => {
    const [firstName = '', lastName = ''] = MALI.name.split(' ');
    const person = ['--mobile', MALI.login, '--first-name', firstName, '--last-name', lastName];
    const { code, stderr } = await command(
      ['account', 'create', ...person, '--verified', '--password-stdin'],
      { stdin: MALI.password, env: { NODE_ENV: 'development', ISSUER: issuer, PORT: new URL(issuer).port } },
    );
    if (code !== 0) throw new Error(`the account was not created: ${stderr}`);
    return MALI;
  })();
  return created;
}
