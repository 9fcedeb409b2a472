import { forEach, type LoadClient, type MakeClient } from './client.ts';
import { publicTokens, userinfo } from './protocol.ts';

/**
 * An app that refreshes its tokens. It keeps only the latest refresh token, and sends it again after a missing
 * response. When a chain is refused, the person has to sign in again. At the end, each access token must be active. A
 * refresh token from before the last must be invalid, and its use must revoke the whole family.
 */
export const refreshing: MakeClient = ({ tally, issuer, caller }): LoadClient => {
  const call = caller('refresh');
  const accessTokens: string[] = [];
  const used: string[] = [];
  let latest: string | undefined;

  const ask = (token: string, expect: readonly number[]) => ({
    path: '/oauth/token',
    form: { grant_type: 'refresh_token', client_id: 'spa', refresh_token: token },
    expect,
  });

  return {
    kind: 'refresh',
    thinkMs: 20,
    async prepare() {
      const tokens = await publicTokens(issuer);
      latest = tokens.refresh_token;
      accessTokens.push(tokens.access_token);
    },
    async turn() {
      if (latest === undefined) return;
      const { reply, cuts, refusals } = await call.insist(ask(latest, [200, 400]));
      if (reply?.status !== 200) {
        if (reply) tally.lost.push(`a chain was burned after ${cuts} cut and ${refusals} refused tries`);
        latest = undefined;
        return;
      }
      const body = JSON.parse(reply.text);
      used.push(latest);
      latest = body.refresh_token as string;
      accessTokens.push(body.access_token);
    },
    async check() {
      if (latest === undefined) return;
      await forEach(accessTokens, async (token) => void (await call.insist(userinfo(token, [200]))));
      const old = used.at(-2);
      if (old === undefined) return;
      const { reply } = await call.insist(ask(old, [200, 400]));
      if (reply?.status === 200) tally.doubled.push('a refresh token worked after its successor was used');
      else await call.insist(userinfo(accessTokens.at(-1) ?? '', [401]));
    },
  };
};
