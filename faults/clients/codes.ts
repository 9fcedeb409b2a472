import { authorizationUrl, pkce } from '../../test/support/sign-in.ts';
import type { Ask, Asked } from '../caller.ts';
import { type Around, forEach, type LoadClient, type MakeClient } from './client.ts';
import { signedInBrowser, userinfo } from './protocol.ts';

const exchange = (code: string, verifier: string, at?: number): Ask => ({
  path: '/oauth/token',
  form: {
    grant_type: 'authorization_code',
    client_id: 'spa',
    redirect_uri: 'http://localhost:8080/cb',
    code,
    code_verifier: verifier,
  },
  expect: [200, 400],
  ...(at === undefined ? {} : { at }),
});

/** A browser that stays signed in and requests codes without a page. */
function browser({ tally, issuer, caller }: Around) {
  const call = caller('code');
  const cookies = new Map<string, string>();
  return {
    call,
    async signIn() {
      const agent = await signedInBrowser(issuer);
      for (const [name, { value, path }] of agent.cookies)
        if ('/oauth/authorize'.startsWith(path)) cookies.set(name, value);
    },
    async newCode(challenge: string): Promise<string | undefined> {
      const url = new URL(authorizationUrl(issuer, challenge, { prompt: 'none' }));
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const { reply } = await call.insist({
        path: `${url.pathname}${url.search}`,
        headers: { cookie, accept: 'text/html' },
        expect: [303],
      });
      if (!reply) return undefined;
      const back = new URL(reply.headers.location ?? '', issuer);
      const code = back.searchParams.get('code');
      if (code === null) tally.lost.push(`signed out: ${back.searchParams.get('error')}`);
      return code ?? undefined;
    },
  };
}

/**
 * Whether a code was exchanged. A refusal is valid only when an earlier attempt with an unknown outcome may have used
 * the code.
 */
function isExchanged({ tally, unheard }: Around, { reply, cuts, refusals }: Asked): boolean {
  if (reply?.status === 200) return true;
  if (!reply) return false;
  const finding = `a code was refused after ${cuts} cut and ${refusals} refused tries`;
  if (cuts > 0 || (unheard && refusals > 0)) tally.notes.push(finding);
  else tally.lost.push(finding);
  return false;
}

interface Exchanged {
  code: string;
  verifier: string;
  accessToken: string;
}

/** Requests a code and exchanges it. Returns undefined when it was refused. */
async function exchangeNew(
  around: Around,
  { call, newCode }: ReturnType<typeof browser>,
): Promise<Exchanged | undefined> {
  const { verifier, challenge } = pkce();
  const code = await newCode(challenge);
  if (code === undefined) return undefined;
  const asked = await call.insist(exchange(code, verifier));
  if (!isExchanged(around, asked)) return undefined;
  return { code, verifier, accessToken: JSON.parse(asked.reply?.text ?? '').access_token };
}

/** Exchanges codes and keeps the tokens, all of which must be active at the end. */
export const exchanging: MakeClient = (around): LoadClient => {
  const own = browser(around);
  const { call, signIn } = own;
  const accessTokens: string[] = [];
  return {
    kind: 'code',
    thinkMs: 20,
    prepare: signIn,
    async turn() {
      const exchanged = await exchangeNew(around, own);
      if (exchanged) accessTokens.push(exchanged.accessToken);
    },
    check: () => forEach(accessTokens, async (token) => void (await call.insist(userinfo(token, [200])))),
  };
};

/**
 * Exchanges each code at one server, and again at each. The later exchanges must be refused, and must revoke the tokens
 * of the first.
 */
export const replaying: MakeClient = (around): LoadClient => {
  const own = browser(around);
  const { call, signIn } = own;
  const { tally } = around;
  const dead: string[] = [];
  return {
    kind: 'code',
    thinkMs: 20,
    prepare: signIn,
    async turn() {
      const exchanged = await exchangeNew(around, own);
      if (!exchanged) return;
      const { code, verifier, accessToken } = exchanged;
      for (const at of [0, 1]) {
        const { reply } = await call.insist(exchange(code, verifier, at));
        if (reply?.status === 200) tally.doubled.push('a code was exchanged twice');
      }
      dead.push(accessToken);
    },
    check: () => forEach(dead, async (token) => void (await call.insist(userinfo(token, [401])))),
  };
};
