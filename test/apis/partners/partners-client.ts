import { randomInt } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { ClientMetadata } from '../../../src/domain/clients/client.ts';
import { randomHex, randomToken } from '../../../src/lib/ids.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { REDIRECT_URI, type TestClient } from '../../support/clients.ts';
import { authorize, type Person, redeem } from '../../support/code-flow.ts';
import type { TestServer } from '../../support/server.ts';
import { SOMCHAI } from '../../support/sign-in.ts';

/** Parsed JSON of any shape, which tests inspect. */
type Parsed = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Parsed;
}

/** The headers of a request. One with a list of values is sent several times. */
export type Headers = Record<string, string | string[] | undefined>;

/** Sends a request with exactly these headers. `fetch` would join those of one name, and reject others. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Headers; body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const sent = request(url, { method, headers: given as Record<string, string | string[]> }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = answer.headers['content-type']?.includes('json');
        const status = answer.statusCode ?? 0;
        resolve({ status, headers: answer.headers, body: isJson ? JSON.parse(text) : text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A partner with the values that its developer has. */
export interface Partner extends TestClient {
  apiKey: string;
}

/** Registers a partner. Defaults to both permissions and to bindings of TrueMoney and LINE. */
export async function newPartner(
  { domain }: Pick<TestServer, 'domain'>,
  metadata: Partial<ClientMetadata> = {},
): Promise<Partner> {
  const id = metadata.client_id ?? String(randomInt(10 ** 9, 10 ** 12));
  const [secret, apiKey] = [randomToken(128), randomHex(224)];
  await domain.clients.create(
    {
      client_name: `Partner ${id}`,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [REDIRECT_URI],
      scope: 'openid accounts:lookup bindings:write',
      bindings: ['truemoney', 'line'],
      channel: 'web',
      ...metadata,
      client_id: id,
    },
    { secret, api_key: apiKey },
  );
  return { id, secret, apiKey, redirectUri: REDIRECT_URI };
}

/** The headers of the search. */
export const searchHeaders = (
  { id, secret }: Pick<Partner, 'id' | 'secret'>,
  identifier?: string,
): Headers => ({
  'X-Client-Identifier': id,
  'X-Client-Secret': secret,
  'X-Account-Identifier': identifier,
});

/** The headers of account information and bindings. */
export const accountHeaders = ({ id, secret, apiKey }: Partner, token: string): Headers => ({
  Authorization: apiKey,
  access_token: token,
  client_id: id,
  client_secret: secret,
});

/** The headers of the obsolete search. */
export const verifyHeaders = ({ id, secret }: Pick<Partner, 'id' | 'secret'>): Headers => ({
  client_id: id,
  client_secret: secret,
});

/** The token that a partner gets when a person signs in there. */
export async function partnerToken(
  server: Pick<TestServer, 'url'>,
  partner: Partner,
  person: Person = SOMCHAI,
): Promise<string> {
  const flow = await authorize(server, partner, { scope: 'openid' }, new BrowserAgent(), person);
  const { status, body } = await redeem(server, partner, flow);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.access_token;
}

/** The requests of a partner's program to one server. */
export function partnersClient({ url }: Pick<TestServer, 'url'>) {
  return {
    search: (headers: Headers, query = '') => send(`${url}/accounts${query}`, { headers }),
    verify: (headers: Headers, query: string) => send(`${url}/accounts/verify${query}`, { headers }),
    account: (id: number | string, headers: Headers) => send(`${url}/accounts/${id}`, { headers }),
    bind: (id: number | string, provider: string, headers: Headers, body: unknown) =>
      send(`${url}/accounts/${id}/bindings/${provider}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    unbind: (id: number | string, provider: string, headers: Headers) =>
      send(`${url}/accounts/${id}/bindings/${provider}`, { method: 'DELETE', headers }),
  };
}

/** The status and the code of a response. */
export const outcomeOf = ({ status, body }: Answer): [number, number] => [status, body.code];

/** An unregistered mobile, in national form. */
export const newMobile = (): string => `08${String(randomInt(10 ** 8)).padStart(8, '0')}`;

/** The number in the format of the API. */
export const e164 = (mobile: string): string => `+66${mobile.slice(1)}`;
