import { forEach, type LoadClient, type MakeClient } from './client.ts';
import { newPerson, type Person, register } from './people.ts';
import { byPassword } from './protocol.ts';

/** Registers people one after another. At the end, each must exist exactly once and be able to sign in. */
export const registering: MakeClient = ({ stage, tally, caller }): LoadClient => {
  const call = caller('registration');
  const there: Person[] = [];
  return {
    kind: 'registration',
    thinkMs: 100,
    prepare: async () => {},
    async turn() {
      const person = newPerson();
      if (await register(call, tally, person)) there.push(person);
    },
    async check() {
      await forEach(there, async ({ mobile, password }) => {
        await call.insist(byPassword(mobile, password));
      });
      const rows = await stage.query<{ value: string; accounts: number }>(
        `select value, count(*)::int as accounts from contacts where kind = 'mobile' and value = any($1) group by value`,
        [there.map(({ mobile }) => `+66${mobile.slice(1)}`)],
      );
      if (rows.length !== there.length)
        tally.lost.push(`${there.length - rows.length} registered accounts are not there`);
      for (const { accounts } of rows) if (accounts > 1) tally.doubled.push('an account was made twice');
    },
  };
};
