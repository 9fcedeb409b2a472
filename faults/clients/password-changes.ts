import { forEach, type LoadClient, type MakeClient } from './client.ts';
import { type Person, registered } from './people.ts';
import { byPassword, isActive } from './protocol.ts';

/**
 * Changes a password repeatedly. After the acknowledgement, the new password must work and the old one must not. The
 * caller's token must stay valid, and all other tokens must be revoked.
 */
export const changingPassword: MakeClient = ({ tally, caller }): LoadClient => {
  const call = caller('password change');
  const dead: string[] = [];
  let person: Person;
  let changes = 0;

  async function signIn(password: string): Promise<string | undefined> {
    const { reply } = await call.insist(byPassword(person.mobile, password));
    return reply && JSON.parse(reply.text).access_token;
  }

  return {
    kind: 'password change',
    thinkMs: 100,
    async prepare() {
      person = await registered(call, tally);
    },
    async turn() {
      const [own, other] = [await signIn(person.password), await signIn(person.password)];
      if (!own || !other) return;
      changes += 1;
      const next = `harbour ${changes} meadow ${person.mobile}`;
      const { reply, cuts, refusals } = await call.insist({
        path: '/update-password',
        json: { oldPassword: person.password, newPassword: next },
        headers: { authorization: `Bearer ${own}` },
        expect: [200, 204, 400],
      });
      if (!reply) return;
      // refused as not the current one: an earlier attempt, whose outcome was lost, has changed it
      if (reply.status === 400 && cuts + refusals === 0)
        tally.lost.push(`a right password was refused: ${reply.text.slice(0, 160)}`);
      person = { ...person, password: next };
      dead.push(other);
      if (!(await isActive(call, own))) tally.lost.push('the own token died with a change of password');
    },
    async check() {
      await forEach(dead, async (token) => {
        if (await isActive(call, token)) tally.lost.push('a token outlived a change of password');
      });
      await signIn(person.password);
    },
  };
};
