import { basic, REDIRECT_URI } from '../clients.ts';
import type { HttpAnswer } from '../load.ts';
import { authorizationPath, codeOf, signedIn, VERIFIER } from '../sign-in.ts';
import type { Target } from '../target.ts';

const FORM = 'application/x-www-form-urlencoded';

/** A token request of the app. */
export const tokenRequest = (target: Target, fields: Record<string, string>) => ({
  path: '/oauth/token',
  method: 'POST' as const,
  headers: { authorization: basic(target.clients.app), 'content-type': FORM },
  body: new URLSearchParams(fields).toString(),
});

export const redemption = (target: Target, code: string) =>
  tokenRequest(target, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: VERIFIER,
  });

/** The number of passwords that are checked in parallel without queueing. */
const AT_ONCE = 2;

const sessions = new WeakMap<Target, Promise<Record<string, string>[]>>();

/** Returns `count` signed-in browsers, which are created once per server. */
export function browsers(target: Target, count: number): Promise<Record<string, string>[]> {
  let made = sessions.get(target);
  if (!made) {
    made = (async () => {
      const all: Record<string, string>[] = [];
      while (all.length < count) {
        const some = Math.min(AT_ONCE, count - all.length);
        all.push(
          ...(await Promise.all(Array.from({ length: some }, () => signedIn(target.url, target.person)))),
        );
      }
      return all;
    })();
    sessions.set(target, made);
  }
  return made;
}

/** An authorization request of a signed-in browser, which needs no interaction. */
export const silentRequest = (headers: Record<string, string>) => ({
  path: authorizationPath({ prompt: 'none' }),
  headers,
});

async function post(target: Target, { path, ...init }: ReturnType<typeof tokenRequest>): Promise<Tokens> {
  const answer = await fetch(target.url + path, init);
  if (!answer.ok) throw new Error(`no tokens: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Tokens;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** Obtains tokens by the code flow for a signed-in person. */
export async function tokens(target: Target, browser: Record<string, string>): Promise<Tokens> {
  const { path, headers } = silentRequest(browser);
  const answer = await fetch(target.url + path, { headers, redirect: 'manual' });
  const location: HttpAnswer = {
    status: answer.status,
    headers: { location: answer.headers.get('location') ?? '' },
    body: '',
  };
  return post(target, redemption(target, codeOf(location) ?? ''));
}
