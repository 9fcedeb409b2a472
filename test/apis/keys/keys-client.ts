import { randomInt } from 'node:crypto';
import { checkAnswer } from '../../support/openapi.ts';
import type { TestServer } from '../../support/server.ts';

type Parsed = ReturnType<typeof JSON.parse>;

/** A response of the API. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Parsed;
}

export const PASSWORD = 'correct-horse-battery';

/** An unregistered address. */
export const newEmail = (): string => `shcode-${randomInt(10 ** 12)}@example.com`;

/** A Facebook user without an account. */
export const newFacebookUser = (): string => `102${randomInt(10 ** 14)}`;

export const keyHeader = (key: string): Record<string, string> => ({ 'x-api-key': key });

/** An app that uses the Keys API. Checks every response of an operation against the document. */
export function keysClient({ url }: Pick<TestServer, 'url'>, headers: Record<string, string> = {}) {
  async function call(method: 'GET' | 'POST', path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string>) },
    });
    const text = await answer.text();
    checkAnswer(`${method} ${path.replace(/\?.*/, '')}`, answer.status, answer.headers, text);
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text) };
  }
  const json = (path: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> =>
    call('POST', `/api/v2/auth/${path}`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...more },
    });
  const form = (path: string, fields: Record<string, string>): Promise<Answer> =>
    call('POST', `/api/v2/auth/${path}`, { body: new URLSearchParams(fields) });

  /** A registration that is valid except for the changes. */
  const person = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
    email: newEmail(),
    password: PASSWORD,
    name: 'shcode',
    id_location: 7,
    ...changes,
  });

  /** A new account with a key. */
  async function registered(changes: Record<string, unknown> = {}) {
    const body = person(changes);
    const answer = await json('register', body);
    if (answer.body.status !== 1) throw new Error(JSON.stringify(answer.body));
    const key = answer.body.key as string;
    const { body: shown } = await call('GET', '/api/v2/user/get_active_user', { headers: keyHeader(key) });
    return { key, email: body.email as string, id: shown.user.id_user as number, user: shown.user };
  }

  const user = (more: Record<string, string>): Promise<Answer> =>
    call('GET', '/api/v2/user/get_active_user', { headers: more });

  return {
    call,
    json,
    form,
    person,
    registered,
    user,
    login: (body: unknown) => json('login', body),
    register: (body: unknown) => json('register', body),
    forgot: (body: unknown) => json('forgot_password', body),
    logout: (more: Record<string, string>) => call('POST', '/api/v2/auth/logout', { headers: more }),
  };
}
