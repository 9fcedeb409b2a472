import { BASIC_CLIENT } from '../../test/support/sign-in.ts';
import { forEach, type LoadClient, type MakeClient } from './client.ts';
import { type Person, registered } from './people.ts';
import { byPassword, isActive, type Tokens } from './protocol.ts';

/**
 * Signs in and revokes the access token. After the acknowledgement, it and its refresh token must be invalid at both
 * servers permanently.
 */
export const revoking: MakeClient = ({ tally, caller }): LoadClient => {
  const call = caller('revocation');
  const revoked: string[] = [];
  let person: Person;

  const expectDead = async (token: string): Promise<void> => {
    if (await isActive(call, token)) tally.lost.push('a revoked token works');
  };

  return {
    kind: 'revocation',
    thinkMs: 50,
    async prepare() {
      person = await registered(call, tally);
    },
    async turn() {
      const { reply } = await call.insist(byPassword(person.mobile, person.password));
      if (!reply) return;
      const { access_token: token, refresh_token } = JSON.parse(reply.text) as Tokens;
      const { reply: done } = await call.insist({
        path: '/oauth/revoke',
        form: { token },
        headers: { authorization: BASIC_CLIENT },
        expect: [200],
      });
      if (!done) return;
      revoked.push(token, refresh_token);
      await expectDead(token);
    },
    check: () => forEach(revoked, expectDead),
  };
};
