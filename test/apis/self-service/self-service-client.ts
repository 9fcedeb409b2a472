import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { checkAnswer } from '../../support/openapi.ts';
import type { TestServer } from '../../support/server.ts';
import { type Answer, customersClient } from '../customers/customers-client.ts';
import { messagesTo } from '../customers/mails.ts';

export const PASSWORD = 'correct-horse-battery';

/** An unregistered address. */
export const newEmail = (): string => `${randomHex(64)}@example.com`;

/** A network that has not sent a request. Only servers that trust a proxy use it. */
const newAddress = (): string => `2001:db8:${randomHex(16)}:${randomHex(16)}::1`;

/** A client of the Self-service API that can also use the other surfaces of an account. */
export function selfServiceClient(server: TestServer) {
  const customers = customersClient(server);

  /** Sends a request and checks its response against the document. */
  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(server.url + path, {
      method,
      headers: {
        'x-forwarded-for': newAddress(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    checkAnswer(`${method} ${path}`, answer.status, answer.headers, text);
    return { status: answer.status, headers: answer.headers, body: text === '' ? '' : JSON.parse(text) };
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    send('POST', `/customers${path}`, body, headers);
  const login = (email: string, password = PASSWORD): Promise<Answer> => post('/login', { email, password });

  /** The value that the newest mail of a kind to an address has on a separate line. */
  async function mailed(
    to: string,
    name: 'identifier' | 'key' | 'secret' | 'code',
    subject = /./,
  ): Promise<string> {
    const mails = await messagesTo(server, to);
    const line = mails
      .filter(({ subject: one }) => subject.test(one ?? ''))
      .flatMap(({ text }) => text.match(new RegExp(`^${name}: (\\S+)$`, 'm')) ?? [])
      .at(1);
    if (!line) throw new Error(`no ${name} was mailed to ${to}`);
    return line;
  }

  /** The identifier and the key in the newest mail to an address. */
  const keyFor = async (email: string) => ({
    identifier: await mailed(email, 'identifier'),
    key: await mailed(email, 'key'),
  });
  const confirm = (link: { identifier: string; key: string }): Promise<Answer> =>
    post('/newemail_confirm', link);

  /** An account with a token of this API. By default, its e-mail address is verified. */
  async function customer({
    email = newEmail(),
    verified = true,
    mobile = undefined as string | undefined,
  } = {}) {
    const account = await server.domain.lifecycle.create({
      password: PASSWORD,
      profile: { firstName: 'Test', lastName: 'Name', locale: 'en' },
      contacts: [
        { kind: 'email', value: email, verified },
        ...(mobile ? [{ kind: 'mobile' as const, value: mobile, verified: true }] : []),
      ],
    });
    const { status, body } = await login(email);
    expect(status, JSON.stringify(body)).to.equal(200);
    const token = body.token as string;
    const headers = { authorization: `Bearer ${token}` };
    return {
      id: account.id,
      email,
      token,
      headers,
      show: async () => (await send('GET', '/customers/self', undefined, headers)).body,
      status: async () => (await send('GET', '/customers/self', undefined, headers)).status,
      patch: (change: unknown) => send('PATCH', '/customers/self', change, headers),
      remove: () => send('DELETE', '/customers/self', undefined, headers),
    };
  }

  return { ...customers, send, post, login, mailed, keyFor, confirm, customer };
}

export type SelfServiceCustomer = Awaited<ReturnType<ReturnType<typeof selfServiceClient>['customer']>>;
