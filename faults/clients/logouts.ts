import { forEach, type LoadClient, type MakeClient } from './client.ts';
import { type Person, registered } from './people.ts';
import { byPassword } from './protocol.ts';

/** Signs in and out through the Customers API. A revoked token must stay revoked. */
export const loggingOut: MakeClient = ({ tally, caller }): LoadClient => {
  const call = caller('logout');
  const ended: string[] = [];
  let person: Person;

  const profile = (token: string, expect: readonly number[]) =>
    call.insist({ path: '/customers', headers: { authorization: `Bearer ${token}` }, expect });

  return {
    kind: 'logout',
    thinkMs: 50,
    async prepare() {
      person = await registered(call, tally);
    },
    async turn() {
      const { reply } = await call.insist(byPassword(person.mobile, person.password));
      if (!reply) return;
      const token: string = JSON.parse(reply.text).access_token;
      await profile(token, [200]);
      // 401: an earlier attempt, whose response was lost, has succeeded
      const { reply: done } = await call.insist({
        path: '/logout',
        json: {},
        headers: { authorization: `Bearer ${token}` },
        expect: [200, 204, 401],
      });
      if (!done) return;
      ended.push(token);
      await profile(token, [401]);
    },
    check: () => forEach(ended, async (token) => void (await profile(token, [401]))),
  };
};
