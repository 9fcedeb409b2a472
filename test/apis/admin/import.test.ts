import { request } from 'node:http';
import { expect } from 'chai';
import { ADMIN_SCOPES } from '../../../src/domain/operators/role.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { call, clientToken } from './admin-client.ts';

const NDJSON = 'application/x-ndjson';
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const row = () => ({ external_id: `crm-${randomHex(64)}`, given_name: 'Wipa' });

describe('the import over HTTP', () => {
  let server: TestServer;
  let token = '';

  before(async () => {
    server = await startServer();
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
  });

  after(() => server.stop());

  /** Sends a body of lines, and parses the lines of the response. */
  async function send(body: string | Uint8Array, path = '/import', type = NDJSON) {
    const response = await fetch(`${server.url}/admin/v1/accounts${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: body as string,
    });
    const text = await response.text();
    return {
      response,
      lines: text
        .trim()
        .split('\n')
        .map((one) => JSON.parse(one)),
    };
  }

  it('reports each row, then the summary; a bad line fails alone', async () => {
    const [one, two] = [row(), row()];
    const body = [line(one), '{"email":\n', line({ ...two, birthdate: 'never' }), '\n', line(two)].join('');
    const { response, lines } = await send(body);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.match(/^application\/x-ndjson/);
    expect(lines.slice(0, -1).map(({ line: at, status }) => [at, status])).to.deep.equal([
      [1, 'created'],
      [2, 'failed'],
      [3, 'failed'],
      [5, 'created'],
    ]);
    expect(lines[2].errors).to.deep.include({
      pointer: '/birthdate',
      code: 'INVALID_BIRTH_DATE',
      detail: lines[2].errors[0].detail,
    });
    expect(lines.at(-1)).to.deep.equal({
      summary: { rows: 4, created: 2, updated: 0, unchanged: 0, failed: 2, dry_run: false },
    });
    const again = await send(body);
    expect(again.lines.at(-1).summary).to.include({ created: 0, unchanged: 2, failed: 2 });
    const audited = await call(server, token, ['GET', `/audit?account=${lines[0].id}&event=account.created`]);
    expect(audited.body.data[0]).to.include({ actor: 'client:admin-api' });
  });

  it('changes nothing in a dry run', async () => {
    const given = line(row());
    for (let run = 1; run <= 2; run += 1) {
      const { lines } = await send(given, '/import?dry_run=true');
      expect(lines).to.deep.equal([
        { line: 1, status: 'created', id: null, errors: [] },
        { summary: { rows: 1, created: 1, updated: 0, unchanged: 0, failed: 0, dry_run: true } },
      ]);
    }
  });

  it('takes invalid UTF-8, lines that are too long and an empty body', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.alloc(70_000, 0x20), Buffer.from('x\n')]);
    const { lines } = await send(bytes);
    expect(lines.at(-1).summary).to.include({ rows: 2, failed: 2 });
    expect((await send('')).lines).to.have.length(1);
  });

  it('refuses another media type, and callers with read scopes only', async () => {
    const wrong = await send(line(row()), '/import', 'application/json');
    expect(wrong.response.status).to.equal(415);
    const reader = await clientToken(server, 'admin:accounts:read');
    const refused = await call(server, reader, ['POST', '/accounts/import'], {
      headers: { 'content-type': NDJSON },
    });
    expect(refused.body).to.include({ status: 403, code: 'INSUFFICIENT_SCOPE' });
  });

  it('creates no duplicates when two imports of the same rows meet', async () => {
    const body = Array.from({ length: 300 }, () => line(row())).join('');
    const both = await Promise.all([send(body), send(body)]);
    const summaries = both.map(({ lines }) => lines.at(-1).summary);
    expect(summaries[0].created + summaries[1].created).to.equal(300);
    expect(summaries[0].failed + summaries[1].failed).to.equal(0);
  });

  it('responds while the body is on its way, and keeps what it reported when the caller disconnects', async () => {
    const first = Array.from({ length: 200 }, row);
    const { hostname, port } = new URL(server.url);
    const reported = await new Promise<string>((resolve, reject) => {
      const sent = request({
        ...{ hostname, port, method: 'POST', path: '/admin/v1/accounts/import' },
        headers: { authorization: `Bearer ${token}`, 'content-type': NDJSON },
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        response.once('data', (chunk: Buffer) => {
          sent.off('error', reject).on('error', () => {});
          sent.destroy();
          resolve(chunk.toString());
        });
        response.on('error', () => {});
      });
      // one row more than a batch: the batch is written while the body continues
      sent.write(`${first.map(line).join('')}${line(row())}`);
    });
    expect(JSON.parse(reported.split('\n')[0] ?? '')).to.include({ line: 1, status: 'created' });
    const again = await send(first.map(line).join(''));
    expect(again.lines.at(-1).summary).to.include({ created: 0, unchanged: 200 });
  });
});

describe('an account created by an operator', () => {
  let server: TestServer;
  let token = '';

  before(async () => {
    server = await startServer();
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
  });

  after(() => server.stop());

  const create = (body: unknown, headers = {}) =>
    call(server, token, ['POST', '/accounts'], { body, headers });

  it('is shown with its path and version', async () => {
    const given = { ...row(), email: `${randomHex(64)}@example.com`, email_verified: true };
    const { status, headers, body } = await create(given);
    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal(`/admin/v1/accounts/${body.id}`);
    expect(headers.get('etag')).to.match(/^"[\w-]{22}"$/);
    expect(body).to.include({ given_name: 'Wipa', external_id: given.external_id, status: 'active' });
    expect(body.card_number).to.match(/^\d{16}$/);
    const again = await create(given);
    expect(again.body).to.include({ status: 409, code: 'EXTERNAL_ID_TAKEN' });
  });

  it('is created once for an idempotency key', async () => {
    const given = row();
    const key = { 'Idempotency-Key': randomHex() };
    const [one, two] = [await create(given, key), await create(given, key)];
    expect([one.status, two.status, two.body.id]).to.deep.equal([201, 201, one.body.id]);
    expect((await create(row(), key)).status).to.equal(422);
  });

  it('is refused with everything that is wrong, each by its pointer', async () => {
    const { status, body } = await create({
      mobile: '12',
      thai_id: '1',
      bindings: [{ provider: 'line' }],
      birthdate: 7,
    });
    expect([status, body.code]).to.deep.equal([400, body.errors[0].code]);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).to.include.members([
      '/mobile',
      '/thai_id',
      '/birthdate',
    ]);
    expect((await create({})).status).to.equal(400);
    expect((await create([])).status).to.equal(400);
  });

  it('takes no contact that another account has verified', async () => {
    const email = `${randomHex(64)}@example.com`;
    expect((await create({ ...row(), email, email_verified: true })).status).to.equal(201);
    const taken = await create({ ...row(), email: email.toUpperCase(), email_verified: true });
    expect(taken.body).to.include({ status: 409, code: 'CONTACT_TAKEN' });
    expect(taken.body.errors[0].pointer).to.equal('/email');
  });

  it('is created once by requests that meet', async () => {
    const given = row();
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(given)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409, 409, 409]);
  });
});
