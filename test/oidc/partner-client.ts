import { createCipheriv, randomBytes } from 'node:crypto';
import { DEMONSTRATION_ACCOUNT } from '../../src/domain/demonstration/demonstration.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import type { TestClient } from '../support/clients.ts';
import { type Person, requestUrl } from '../support/code-flow.ts';
import { checkAnswer } from '../support/openapi.ts';
import { SOMCHAI, signInOnPages } from '../support/sign-in.ts';

/** The demonstration's partner, with the values that its developer has. */
export const PARTNER: TestClient = {
  id: '2171',
  secret: '17e2236b665fadebe3c8d9515a0a6b19',
  redirectUri: 'http://localhost:8080/partner/cb',
};
export const MOBILE_KEY = Buffer.from('0123456789abcdef0123456789abcdef');
export const MOBILE = DEMONSTRATION_ACCOUNT.mobile;
export const REQUEST_ID = '927da5c1-0434-4eeb-b96e-fc3ec830e369';

/** Encrypts as a partner does. By default, Node pads the text; otherwise it must consist of whole blocks. */
export function encrypted(
  text: string | Buffer = MOBILE,
  { key = MOBILE_KEY, padded = true }: { key?: Buffer; padded?: boolean } = {},
): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(padded);
  return Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64');
}

export type Fields = Record<string, string | undefined>;

/** The parameters of a valid exchange. One that is `undefined` is left out. */
export const exchangeOf = (code: string, changes: Fields = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      grant_type: 'authorization_code',
      client_id: PARTNER.id,
      client_secret: PARTNER.secret,
      request_id: REQUEST_ID,
      code,
      mobile_number: encrypted(),
      timestamp: new Date().toISOString(),
      ...changes,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

export interface ExchangeAnswer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

/** Sends a request to the token endpoint. Checks the response against the documents. */
export async function post(url: string, body: BodyInit, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body, headers });
  const text = await answer.text();
  checkAnswer('token', answer.status, answer.headers, text);
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) } as ExchangeAnswer;
}

export const exchange = (url: string, code: string, changes: Fields = {}): Promise<ExchangeAnswer> =>
  post(url, new URLSearchParams(exchangeOf(code, changes)));

/** The same as JSON. */
export const exchangeJson = (url: string, members: object): Promise<ExchangeAnswer> =>
  post(url, JSON.stringify(members), { 'content-type': 'application/json' });

/** Requests codes for the partner. The agent signs in once. */
export function partnerCodes(url: string, client: TestClient = PARTNER, person: Person = SOMCHAI) {
  const agent = new BrowserAgent();
  return async (params: Fields = {}): Promise<string> => {
    const back = await signInOnPages(agent, requestUrl({ url }, client, params), person);
    return back.searchParams.get('code') ?? '';
  };
}

/** The parts of a response that a partner can distinguish: status, OAuth error and result. */
export const told = ({ status, body }: ExchangeAnswer): string =>
  [status, body.error, body.res_code].filter((part) => part !== undefined).join(' ');
