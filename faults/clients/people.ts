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

/** Returns a mobile number that is not yet used in this run. */
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

/** Returns the newest code for a mobile number, from the development outbox. */
async function codeFor(caller: Caller, mobile: string): Promise<string | undefined> {
  const { reply } = await caller.insist({ path: `/dev/outbox?to=${mobile}&limit=1`, expect: [200] });
  const [message] = JSON.parse(reply?.text ?? '[]') as { text: string }[];
  return message && /\b\d{6}\b/.exec(message.text)?.[0];
}

/** The number of attempts before a code becomes invalid. Attempts that end in an outage may use some of them up. */
const TRIES_OF_A_CODE = 8;

/** Registers a person as an app does. Returns true when the account was acknowledged, or exists regardless. */
export async function register(caller: Caller, tally: Tally, person: Person): Promise<boolean> {
  const { mobile, nationalId, password } = person;
  // 429: an earlier attempt with an unknown outcome has sent one already
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
  // used up by an attempt whose response was lost, in which case the account exists
  const { reply: signedIn } = await caller.insist(byPassword(mobile, password, [200, 400]));
  if (signedIn?.status === 200) return true;
  const finding = `a registration was refused after ${cuts} cut and ${refusals} refused tries: ${reply.text.slice(0, 160)}`;
  if (cuts + refusals < TRIES_OF_A_CODE) tally.lost.push(finding);
  else tally.notes.push(finding);
  return false;
}

/** Registers a person before the load begins. Throws when that fails. */
export async function registered(caller: Caller, tally: Tally): Promise<Person> {
  const person = newPerson();
  if (!(await register(caller, tally, person))) throw new Error('nobody can register');
  return person;
}
