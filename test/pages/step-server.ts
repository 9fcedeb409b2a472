import { unlimited } from '../apis/customers/code-steps.ts';
import { newMobile, newNationalId } from '../apis/customers/customers-client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import type { Seen, Visitor } from './visitor.ts';

type Changes = NonNullable<Parameters<typeof startServer>[0]>;

/** A server that does not limit the codes in the tests of pages. */
export const stepServer = (
  changes: Changes = {},
  options: Parameters<typeof startServer>[1] = {},
): Promise<TestServer> => startServer({ ...unlimited(), ...changes }, options);

export const PASSWORD = 'correct-horse-battery';

/** A person with an account and a mobile, in national form. */
export async function holder({ domain }: TestServer, more: { email?: string } = {}) {
  const mobile = newMobile();
  const { id } = await domain.lifecycle.create({
    password: PASSWORD,
    contacts: [
      { kind: 'mobile', value: mobile, verified: true },
      ...(more.email ? [{ kind: 'email' as const, value: more.email, verified: true }] : []),
    ],
  });
  return { id, mobile };
}

/** The values that a new person enters into the two forms of a registration. */
export const newPerson = (more: Record<string, string> = {}): Record<string, string> => ({
  title: '1',
  firstName: 'ฝอย',
  lastName: 'ขัดหม้อ',
  birthDate: '2015-04-03',
  thaiId: newNationalId(),
  email: '',
  password: PASSWORD,
  ...more,
});

/** Passes the steps from the first one to the code. Returns the response to the code. */
export async function verifyMobile(person: Visitor, at: string, mobile: string) {
  await person.open(at);
  const field = at.endsWith('/register') ? 'mobile' : 'login';
  const sent = await person.send(at, { [field]: mobile });
  if (sent.status !== 303) throw new Error(`no code: ${sent.status} ${sent.page}`);
  await person.open(sent.location);
  return person.send(sent.location, { code: await person.codeTo(mobile) });
}

/** Sends the remaining forms once the mobile is verified. Returns the response to the last one, or to a refused one. */
export async function complete(person: Visitor, at: string, fields: Record<string, string>): Promise<Seen> {
  const { email = '', password = '', terms, ...identity } = fields;
  if (!at.endsWith('/details')) return person.send(at, fields);
  const first = await person.send(at, identity);
  if (!first.location.endsWith('/account')) return first;
  await person.open(first.location);
  return person.send(first.location, { email, password, ...(terms ? { terms } : {}) });
}
