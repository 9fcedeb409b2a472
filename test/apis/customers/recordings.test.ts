import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { plain } from '../../domain/images/files.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { customersClient } from './customers-client.ts';

interface Recording {
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body?: string; file?: string };
  response: { status: number; body?: unknown; type?: string };
}

const FOLDER = new URL('./recordings/', import.meta.url);
const CURL = { accept: '*/*', 'user-agent': 'curl/8.5.0' };
const MOBILE = '0879630303';

const recordings: readonly Recording[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) }));

const ID = /^[1-9]\d*$/;
const DAY = /^\d{2}\/\d{2}\/\d{4}$/;
const WORDS = /^.{3,}$/s;
const TOKEN = /^[\w-]{20,}$/;
/** The shapes of values that differ each time, by their paths. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  id: ID,
  'cpOneCard.id': ID,
  'cpOneCard.cardNumber': /^0001\d{12}$/,
  'cpOneCard.expiryDate': DAY,
  access_token: TOKEN,
  refresh_token: TOKEN,
  expires_in: /^43\d{3}$/,
  reference: /^[A-Z0-9]{4}$/,
  error_description: WORDS,
  profileImagePath: /^http:\/\/localhost:\d+\/customers\/image$/,
};

/** Compares type, members, and value or shape. */
function compare(given: unknown, documented: unknown, path: string[] = []): void {
  const place = path.join('.');
  const shape = SHAPES[place];
  if (shape) {
    expect(typeof given, place).to.equal(typeof documented);
    expect(String(given), place).to.match(shape);
  } else if (typeof documented === 'object' && documented !== null && !Array.isArray(documented)) {
    expect(given, place).to.be.an('object');
    expect(Object.keys(given as object), place).to.have.members(Object.keys(documented));
    for (const [name, member] of Object.entries(documented))
      compare((given as Record<string, unknown>)[name], member, [...path, name]);
  } else expect(given, place).to.deep.equal(documented);
}

describe('Customers API: recordings of existing apps', () => {
  let server: TestServer;
  let otpNumber = '';
  let accessToken = '';

  before(async () => {
    // the number and the national id of the recordings must be unregistered
    await emptyTables(await testDatabase());
    server = await startServer({ passwords: { policy: 'legacy' } });
  });
  after(() => server.stop());

  const filled = (text: string): string =>
    text.replaceAll('{otpNumber}', otpNumber).replaceAll('{access_token}', accessToken);

  /** A form with one file, as curl's `-F file=@picture.png` sends it. */
  async function multipart(name: string, contentType: string): Promise<Buffer> {
    const [, boundary = ''] = /boundary=(.+)$/.exec(contentType) ?? [];
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`;
    return Buffer.concat([
      Buffer.from(head),
      await plain().png().toBuffer(),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
  }

  async function replay({ request, response }: Recording): Promise<void> {
    const { method, path, headers, body, file } = request;
    const sent = file ? await multipart(file, headers['Content-Type'] ?? '') : body && filled(body);
    const answer = await fetch(server.url + path, {
      method,
      headers: {
        ...CURL,
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)])),
      },
      ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : new Uint8Array(sent) }),
    });
    const text = await answer.text();
    expect(answer.status, text).to.equal(response.status);
    const type = answer.headers.get('content-type');
    if (response.body !== undefined) {
      expect(type).to.equal('application/json; charset=utf-8');
      compare(JSON.parse(text), response.body);
      accessToken = JSON.parse(text).access_token ?? accessToken;
    } else {
      expect(type).to.equal(response.type ?? null);
      expect(text === '').to.equal(response.type === undefined);
    }
  }

  /** Steps of the apps between two recorded requests that are not recorded. */
  const meanwhile: Record<string, () => Promise<unknown>> = {
    '02-pre-register.json': async () => {
      otpNumber = await customersClient(server).codeSentTo(MOBILE);
    },
    '09-pre-update-email.json': () =>
      customersClient(server).post(
        '/update-password',
        { oldPassword: '123456', newPassword: '1234' },
        { authorization: `Bearer ${accessToken}` },
      ),
  };

  for (const recording of recordings) {
    it(`are answered as documented: ${recording.name}`, async () => {
      await meanwhile[recording.name]?.();
      await replay(recording);
    });
  }

  it('are all there', () => {
    expect(recordings).to.have.length(11);
  });
});
