import { forEach, type LoadClient, type MakeClient } from './client.ts';
import { type Person, registered } from './people.ts';
import { byPassword, isActive } from './protocol.ts';

/** Signs in with a password. Every issued token must be active at the end. */
export const signingIn: MakeClient = ({ tally, caller }): LoadClient => {
  const call = caller('password');
  const accessTokens: string[] = [];
  let person: Person;
  return {
    kind: 'password',
    thinkMs: 50,
    async prepare() {
      person = await registered(call, tally);
    },
    async turn() {
      const { reply } = await call.insist(byPassword(person.mobile, person.password));
      if (reply) accessTokens.push(JSON.parse(reply.text).access_token);
    },
    check: () =>
      forEach(accessTokens, async (token) => {
        if ((await isActive(call, token)) === false) tally.lost.push('an access token is not active');
      }),
  };
};
