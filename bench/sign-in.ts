import { createHash } from 'node:crypto';
import { APP, REDIRECT_URI } from './clients.ts';
import type { HttpAnswer, Memory, Step } from './load.ts';

/** One verifier for all requests: the measurement covers the check, not the generation of random numbers. */
export const VERIFIER = 'a'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** An authorization request of the app. */
export function authorizationPath(more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: APP.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: APP.scope,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...more,
  });
  return `/oauth/authorize?${query}`;
}

const cookiesOf = (memory: Memory): Record<string, string> =>
  (memory.cookies as Record<string, string>) ?? {};

const cookieHeader = (memory: Memory): Record<string, string> => ({
  cookie: Object.entries(cookiesOf(memory))
    .map(([name, value]) => `${name}=${value}`)
    .join('; '),
});

const values = (header: string | string[] | undefined): string[] => (header ? [header].flat() : []);
const header = ({ headers }: HttpAnswer, name: string): string[] =>
  Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? values(value) : []));

/** Stores the cookies and the redirect location of a response. */
function follow(answer: HttpAnswer, memory: Memory): void {
  const set = header(answer, 'set-cookie').map((line) => (line.split(';', 1)[0] ?? '').split(/=(.*)/s, 2));
  memory.cookies = { ...cookiesOf(memory), ...Object.fromEntries(set) };
  const location = header(answer, 'location')[0] ?? '';
  memory.next = location.startsWith(REDIRECT_URI) ? location : location.replace(/^https?:\/\/[^/]+/, '');
}

const plain = (text: string): string => text.replaceAll('&#34;', '"').replaceAll('&amp;', '&');

/** Fills in the first form with a password field, and encodes it as a browser would. */
function fillIn(page: string, person: Person): { action: string; body: string } {
  const form = page.split('<form').find((part) => part.includes('name="password"')) ?? '';
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? '';
  const hidden = [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
    /name="([^"]*)"/.exec(input)?.[1] ?? '',
    plain(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
  ]);
  const body = new URLSearchParams([...hidden, ['login', person.login], ['password', person.password]]);
  return { action: plain(action), body: body.toString() };
}

export interface Person {
  login: string;
  password: string;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A sign-in with a browser: authorization request, page, form, and the redirect to the client with a code. */
export const signInSteps = (person: Person): Step[] => [
  { request: () => ({ path: authorizationPath() }), answered: follow, status: 303 },
  {
    request: (memory) => ({ path: memory.next as string, headers: cookieHeader(memory) }),
    answered(answer, memory) {
      follow(answer, memory);
      memory.form = fillIn(answer.body, person);
    },
  },
  {
    request(memory) {
      const { action, body } = memory.form as ReturnType<typeof fillIn>;
      return { path: action, method: 'POST', headers: { ...FORM, ...cookieHeader(memory) }, body };
    },
    answered: follow,
    status: 303,
  },
  {
    request: (memory) => ({ path: memory.next as string, headers: cookieHeader(memory) }),
    answered: follow,
    status: 303,
  },
];

/** Runs a sequence once and returns its final state. */
export async function walk(url: string, steps: readonly Step[]): Promise<Memory> {
  const memory: Memory = {};
  for (const { request, answered, status: good = 200 } of steps) {
    const { path, ...init } = request(memory);
    const answer = await fetch(url + path, { ...init, redirect: 'manual' });
    const headers = {
      'set-cookie': answer.headers.getSetCookie(),
      location: answer.headers.get('location') ?? '',
    };
    const body = await answer.text();
    if (answer.status !== good) throw new Error(`${path} answered ${answer.status}: ${body.slice(0, 300)}`);
    answered?.({ status: answer.status, headers, body }, memory);
  }
  return memory;
}

/** Signs in and returns the cookie header for further requests of the browser. */
export async function signedIn(url: string, person: Person): Promise<Record<string, string>> {
  return cookieHeader(await walk(url, signInSteps(person)));
}

/** Returns the code in the response to an authorization request, or undefined without one. */
export const codeOf = (answer: HttpAnswer): string | undefined => {
  const location = header(answer, 'location')[0];
  return location ? (new URL(location, REDIRECT_URI).searchParams.get('code') ?? undefined) : undefined;
};
