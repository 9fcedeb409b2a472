import { parseNationalId } from '../../src/domain/values/national-id.ts';
import type { Caller } from '../caller.ts';
import type { Tally } from '../tally.ts';
import { byPassword } from './protocol.ts';

export interface Person {
  mobile: string;
  nationalId: string;
  password: string;
}

let made = 0;

/** A mobile that nobody has had in this run. */
export const newMobile = (): string => {
  made += 1;
  return `08${String(90_000_000 + made)}`;
};

export function newPerson(): Person {
  const mobile = newMobile();
  const begun = `1${mobile}0`;
  const nationalId = Array.from({ length: 10 }, (_, digit) => parseNationalId(`${begun}${digit}`)).find(
    Boolean,
  );
  return { mobile, nationalId: nationalId ?? '', password: `lantern ${mobile} orchard` };
}

/** The newest code for a mobile, as development keeps it readable. */
async function codeFor(caller: Caller, mobile: string): Promise<string | undefined> {
  const { reply } = await caller.insist({ path: `/dev/outbox?to=${mobile}&limit=1`, expect: [200] });
  const [message] = JSON.parse(reply?.text ?? '[]') as { text: string }[];
  return message && /\b\d{6}\b/.exec(message.text)?.[0];
}

/** A code may give so many answers before it is invalid, and some are used up by attempts that end in an outage. */
const TRIES_OF_A_CODE = 8;

/** Registers someone as an app does. True when the account was acknowledged, or is there all the same. */
export async function register(caller: Caller, tally: Tally, person: Person): Promise<boolean> {
  const { mobile, nationalId, password } = person;
  // 429: a try before that nobody was told of has sent one already
  const sent = await caller.insist({ path: '/otp/request', json: { mobile }, expect: [200], limited: true });
  const code = sent.reply && (await codeFor(caller, mobile));
  if (!code) {
    if (sent.reply) tally.lost.push('a code was acknowledged and is not in the outbox');
    return false;
  }
  const { reply, cuts, refusals } = await caller.insist({
    path: '/customers/register',
    json: {
      otpNumber: code,
      thaiId: nationalId,
      mobile,
      password,
      firstName: 'Person',
      lastName: 'Somebody',
      birthDate: '03/04/2015',
      registerChannel: 'MOBILE',
      title: { id: 1 },
    },
    expect: [200, 400],
  });
  if (reply?.status === 200) return true;
  if (!reply) return false;
  // used up: by a try whose answer was lost, and then the account is there
  const { reply: signedIn } = await caller.insist(byPassword(mobile, password, [200, 400]));
  if (signedIn?.status === 200) return true;
  const finding = `a registration was refused after ${cuts} cut and ${refusals} refused tries: ${reply.text.slice(0, 160)}`;
  if (cuts + refusals < TRIES_OF_A_CODE) tally.lost.push(finding);
  else tally.notes.push(finding);
  return false;
}

/** Someone who is registered before the load begins. */
export async function registered(caller: Caller, tally: Tally): Promise<Person> {
  const person = newPerson();
  if (!(await register(caller, tally, person))) throw new Error('nobody can register');
  return person;
}
