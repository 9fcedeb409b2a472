import { randomInt } from 'node:crypto';
import type { TestServer } from '../../support/server.ts';

/** Parsed JSON of any shape, which tests inspect. */
type Parsed = ReturnType<typeof JSON.parse>;

/** A response of the API. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Parsed;
}

const CHECK_WEIGHTS = [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2];

/** An unregistered national id: twelve random digits and their check digit. */
export function newNationalId(): string {
  const digits = Array.from({ length: 12 }, (_, index) => (index === 0 ? 1 + randomInt(8) : randomInt(10)));
  const sum = digits.reduce((total, digit, index) => total + digit * (CHECK_WEIGHTS[index] ?? 0), 0);
  return `${digits.join('')}${(11 - (sum % 11)) % 10}`;
}

/** An unregistered mobile, in national form. The numbers of one test are spread over many prefixes. */
export const newMobile = (): string => `08${String(randomInt(10 ** 8)).padStart(8, '0')}`;

export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** An app that uses the Customers API. */
export function customersClient({ url }: Pick<TestServer, 'url'>) {
  async function call(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${url}${path}`, { method, ...init });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    call('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  /** The code of the newest message to a number. */
  async function codeSentTo(mobile: string): Promise<string> {
    const { body } = await call('GET', `/dev/outbox?to=${mobile}&limit=1`, {
      headers: { accept: 'application/json' },
    });
    return /\d{6}/.exec(body[0]?.text ?? '')?.[0] ?? '';
  }

  async function newCode(mobile: string, purpose?: string): Promise<string> {
    const { status, body } = await post('/otp/request', { mobile, ...(purpose ? { purpose } : {}) });
    if (status !== 200) throw new Error(`no code: ${status} ${JSON.stringify(body)}`);
    return codeSentTo(mobile);
  }

  /** A registration body that is valid except for the changes. */
  async function person(changes: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const mobile = String(changes.mobile ?? newMobile());
    return {
      otpNumber: changes.otpNumber ?? (await newCode(mobile)),
      thaiId: newNationalId(),
      email: `${mobile}@example.com`,
      password: 'correct-horse-battery',
      firstName: 'ฝอย',
      lastName: 'ขัดหม้อ',
      birthDate: '03/04/2015',
      registerChannel: 'MOBILE',
      title: { id: 1 },
      ...changes,
      mobile,
    };
  }

  /** The response of the token endpoint to a first-party app. */
  const grant = (fields: Record<string, string>): Promise<Answer> =>
    call('POST', '/oauth/token', {
      body: new URLSearchParams(fields),
      headers: { authorization: `Basic ${btoa('client:secret')}` },
    });
  const signIn = (username: string, password: string): Promise<Answer> =>
    grant({ grant_type: 'password', username, password });
  const refresh = (token: string): Promise<Answer> =>
    grant({ grant_type: 'refresh_token', refresh_token: token });

  async function token(username: string, password = 'correct-horse-battery'): Promise<string> {
    const { body } = await signIn(username, password);
    return body.access_token;
  }

  /** A new customer with a token. */
  async function customer(changes: Record<string, unknown> = {}) {
    const body = await person(changes);
    const registered = await post('/customers/register', body);
    if (registered.status !== 200) throw new Error(JSON.stringify(registered.body));
    const { id, mobile, email, thaiId } = registered.body;
    const password = String(body.password);
    const { body: tokens } = await signIn(mobile, password);
    return {
      id: id as number,
      mobile: mobile as string,
      email: email as string,
      thaiId: thaiId as string,
      password,
      accessToken: tokens.access_token as string,
      refreshToken: tokens.refresh_token as string,
      bearer: bearer(tokens.access_token),
    };
  }

  return { call, post, codeSentTo, newCode, person, signIn, refresh, customer, token };
}

/** The code of every violation, by its `field`. */
export const violationsOf = ({ body }: Answer): Record<string, string> =>
  Object.fromEntries(
    body.violations.map(({ field, code }: { field: string; code: string }) => [field, code]),
  );
