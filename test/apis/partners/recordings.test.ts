import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DEMONSTRATION_CLIENTS } from '../../../src/domain/demonstration/demonstration.ts';
import { authorize } from '../../support/code-flow.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { SOMCHAI, tokenRequest } from '../../support/sign-in.ts';
import { e164, send } from './partners-client.ts';

interface Recording {
  name: string;
  request: { method: string; path: string; headers: Record<string, string> };
  response: { status: number; body: unknown };
}

const FOLDER = new URL('./recordings/', import.meta.url);
const SECONDS = /^\d{10}$/;
/** The shapes of values that differ each time, by the member's name. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  uid: /^[1-9]\d*$/,
  updated_at: SECONDS,
  created_at: SECONDS,
  added_date: SECONDS,
  last_verified: SECONDS,
  reg_date: SECONDS,
};

const recordings: readonly Recording[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) }));

/** Compares type, members, and value or shape. */
function compare(given: unknown, documented: unknown, path: string[] = []): void {
  const place = path.join('.');
  const shape = SHAPES[path.at(-1) ?? ''];
  if (shape) expect(given, place).to.be.a('string').and.match(shape);
  else if (typeof documented === 'object' && documented !== null) {
    expect(Array.isArray(given), place).to.equal(Array.isArray(documented));
    expect(Object.keys(given as object), place).to.have.members(Object.keys(documented));
    for (const [name, member] of Object.entries(documented))
      compare((given as Record<string, unknown>)[name], member, [...path, name]);
  } else expect(given, place).to.equal(documented);
}

describe('Partners API: recordings of existing programs', () => {
  let server: TestServer;
  let filled: Record<string, string> = {};

  before(async () => {
    await emptyTables(await testDatabase());
    server = await startServer();
    await server.domain.lifecycle.create({
      registerClientId: '29',
      contacts: [{ kind: 'mobile', value: '0813487612', verified: true }],
    });
    const id = await server.domain.contacts.owner('mobile', e164(SOMCHAI.login));
    filled = { id: String(id), access_token: await accessToken() };
  });
  after(() => server.stop());

  /** Signs in at the demonstration's partner, which exchanges its code with the customer's number. */
  async function accessToken(): Promise<string> {
    const partner = DEMONSTRATION_CLIENTS.find(({ metadata }) => metadata.client_id === '2171');
    const { secret = '', mobile_key = '' } = partner?.secrets ?? {};
    const redirectUri = 'http://localhost:8080/partner/cb';
    const client = { id: '2171', secret, redirectUri };
    const { code, verifier } = await authorize(server, client);
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', Buffer.from(mobile_key, 'base64'), iv);
    const number = Buffer.concat([iv, cipher.update(SOMCHAI.login), cipher.final()]).toString('base64');
    const { status, body } = await tokenRequest(server.url, {
      grant_type: 'authorization_code',
      client_id: client.id,
      client_secret: secret,
      code,
      code_verifier: verifier,
      request_id: randomUUID(),
      mobile_number: number,
      redirect_uri: redirectUri,
      timestamp: new Date().toISOString(),
    });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.access_token;
  }

  const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_whole, name) => filled[name] ?? '');

  for (const { name, request, response } of recordings) {
    it(`answers ${name} as it did`, async () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([header, value]) => [header, fill(value)]),
      );
      const answer = await send(server.url + fill(request.path), { method: request.method, headers });
      expect(answer.status, JSON.stringify(answer.body)).to.equal(response.status);
      expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
      compare(answer.body, response.body);
    });
  }

  it('has one of every sample', () => {
    expect(recordings.length).to.equal(4);
  });
});
