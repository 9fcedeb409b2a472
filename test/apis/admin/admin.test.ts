import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { expect } from 'chai';
import { ADMIN_SCOPES } from '../../../src/domain/operators/role.ts';
import { asLastAdmin } from '../../support/last-admin.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';
import { ADMIN_CLIENT, type Answer, call, clientToken, person } from './admin-client.ts';

describe('the Admin API', () => {
  let server: TestServer;
  let token = '';

  before(async () => {
    server = await startServer();
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
  });

  after(() => server.stop());

  const ask = (method: string, path: string, options: Parameters<typeof call>[3] = {}): Promise<Answer> =>
    call(server, token, [method, path], options);

  it('shows the deployment', async () => {
    const { status, body } = await ask('GET', '/overview');
    expect(status).to.equal(200);
    expect(body.sign_ins).to.have.keys('succeeded', 'failed', 'refused');
    expect(body.keys.length).to.be.above(1);
    expect((await ask('GET', '/keys')).body.data[0]).to.have.keys(
      'kid',
      'alg',
      'state',
      'created_at',
      'changed_at',
    );
  });

  it('finds and shows an account, and the audit trail says who read it', async () => {
    const { id, email } = await person(server);
    const found = await ask('POST', '/accounts/search', { body: { email: email.toUpperCase() } });
    expect(found.body.data.map((one: { id: string }) => one.id)).to.deep.equal([String(id)]);
    const shown = await ask('GET', `/accounts/${id}`, { headers: { 'X-Reason': 'ticket 7' } });
    expect(shown.body).to.include({ id: String(id), status: 'active', thai_id: null });
    expect(shown.body.authenticators[0]).to.include({ method: 'password' });
    const { body } = await ask('GET', `/audit?account=${id}&event=account.read&actor=client:admin-api`);
    expect(body.data[0]).to.deep.include({
      account: String(id),
      details: { what: 'account', note: 'ticket 7' },
    });
    for (const part of ['sessions', 'applications', 'consents', 'lookups', 'events', 'export'])
      expect((await ask('GET', `/accounts/${id}/${part}`)).status, part).to.equal(200);
    for (const nobody of ['0', 'abc', '999999999']) {
      const missing = await ask('GET', `/accounts/${nobody}`);
      expect(missing.body, nobody).to.include({ code: 'ACCOUNT_NOT_FOUND', status: 404 });
    }
  });

  it('suspends, activates, signs out, unlocks and erases', async () => {
    const { id } = await person(server);
    const states = { suspend: 'suspended', activate: 'active', 'sign-out': 'active', unlock: 'active' };
    for (const [action, state] of Object.entries(states)) {
      const { status, body } = await ask('POST', `/accounts/${id}/${action}`);
      expect([status, body.status], action).to.deep.equal([200, state]);
    }
    for (const action of ['release-mobile', 'release-national-id'])
      expect((await ask('POST', `/accounts/${id}/${action}`)).status).to.equal(200);
    expect((await ask('DELETE', `/accounts/${id}`)).status).to.equal(204);
    expect((await ask('GET', `/accounts/${id}`)).body).to.include({ code: 'ACCOUNT_DELETED', status: 409 });
  });

  it('adds and removes contacts, tells the others, and sends password resets', async () => {
    const { id, email } = await person(server);
    const path = `/accounts/${id}/contacts`;
    const mobile = `08${String(id).padStart(8, '1')}`;
    const added = await ask('POST', path, { body: { kind: 'mobile', value: mobile, verified: true } });
    expect(added.body.contacts.map((one: { value: string }) => one.value)).to.include(
      `+66${mobile.slice(1)}`,
    );
    const told = await server.domain.outbox.list({ to: email, limit: 5 });
    expect(told).to.have.length(1);
    const again = await ask('POST', path, { body: { kind: 'mobile', value: mobile } });
    expect(again.body).to.include({ code: 'CONTACT_TAKEN' });
    const wrong = await ask('POST', path, { body: { kind: 'mobile', value: '1' } });
    expect(wrong.body.errors).to.deep.equal([
      { pointer: '/value', code: 'INVALID_MOBILE', detail: 'This is not a valid mobile number.' },
    ]);
    for (const channel of ['email', 'sms'])
      expect((await ask('POST', `/accounts/${id}/password-reset`, { body: { channel } })).status).to.equal(
        202,
      );
    expect((await server.domain.outbox.list({ to: email, limit: 5 })).length).to.equal(2);
    const removed = await ask('DELETE', path, { body: { kind: 'mobile', value: mobile } });
    expect(removed.body.contacts).to.have.length(1);
    const gone = await ask('DELETE', path, { body: { kind: 'mobile', value: mobile } });
    expect(gone.body).to.include({ code: 'CONTACT_NOT_FOUND', status: 404 });
    expect(
      (await ask('POST', `/accounts/${id}/password-reset`, { body: { channel: 'sms' } })).status,
    ).to.equal(404);
  });

  it('changes an account by a merge patch, unless it has changed since', async () => {
    const { id } = await person(server);
    const patch = (body: object, etag?: string): Promise<Answer> =>
      ask('PATCH', `/accounts/${id}`, {
        body,
        headers: { 'content-type': 'application/merge-patch+json', ...(etag ? { 'If-Match': etag } : {}) },
      });
    const first = (await ask('GET', `/accounts/${id}`)).headers.get('etag') as string;
    const changed = await patch({ given_name: 'สมหญิง', birthdate: '1990-04-13' }, first);
    expect(changed.body).to.include({ given_name: 'สมหญิง', birthdate: '1990-04-13', family_name: null });
    expect((await patch({ family_name: 'ใจดี' }, first)).body).to.include({
      code: 'PRECONDITION_FAILED',
      status: 412,
    });
    const emptied = await patch({ birthdate: null }, changed.headers.get('etag') as string);
    expect(emptied.body).to.include({ given_name: 'สมหญิง', birthdate: null });
    const { body } = await ask('GET', `/audit?account=${id}&event=account.profile_changed`);
    expect(body.data[1].details).to.deep.equal({ fields: 'given_name birthdate' });
  });

  it('changes every text that the scope profile promises', async () => {
    const { id } = await person(server);
    const body = {
      ...{ middle_name: 'ชัย', nickname: 'ชาย', preferred_username: 'somchai' },
      ...{ profile: 'https://example.com/somchai', website: 'http://somchai.example.com' },
    };
    expect((await ask('PATCH', `/accounts/${id}`, { body })).body).to.include(body);
    const wrong = {
      nickname: 'x'.repeat(51),
      preferred_username: '0812345678',
      profile: 'javascript:x',
      website: 'x',
    };
    const { body: refused } = await ask('PATCH', `/accounts/${id}`, { body: wrong });
    expect(refused.errors.map(({ code }: { code: string }) => code)).to.deep.equal([
      ...['INVALID_TEXT', 'INVALID_USERNAME', 'INVALID_WEB_ADDRESS', 'INVALID_WEB_ADDRESS'],
    ]);
    expect((await ask('GET', `/accounts/${id}`)).body).to.include(body);
  });

  it('tells everything that is wrong with the input, each with a pointer', async () => {
    const { id } = await person(server);
    const domain = await ask('PATCH', `/accounts/${id}`, {
      body: { given_name: '!', birthdate: '2999-01-01' },
    });
    expect(domain).to.include({ status: 400, type: 'application/problem+json' });
    expect(
      domain.body.errors.map(({ pointer, code }: Record<string, string>) => [pointer, code]),
    ).to.deep.equal([
      ['/given_name', 'INVALID_NAME'],
      ['/birthdate', 'INVALID_BIRTH_DATE'],
    ]);
    const shape = await ask('PATCH', `/accounts/${id}`, { body: { status: 'active', locale: 'fr' } });
    expect(shape.body.errors.map(({ pointer }: { pointer: string }) => pointer)).to.have.members([
      '/status',
      '/locale',
    ]);
    const two = await ask('POST', '/accounts/search', { body: { email: 'a@example.com', name: 'สม' } });
    expect(two.body.errors[0].pointer).to.equal('/name');
    expect((await ask('POST', '/accounts/search', { body: {} })).status).to.equal(400);
    expect((await ask('GET', '/accounts?limit=1000')).status).to.equal(400);
    const media = await ask('PATCH', `/accounts/${id}`, {
      body: {},
      headers: { 'content-type': 'text/plain' },
    });
    expect(media.status).to.equal(415);
    const long = await ask('GET', '/overview', { headers: { 'X-Reason': 'x'.repeat(201) } });
    expect(long.body.errors[0].pointer).to.equal('/X-Reason');
  });

  it('refuses the cursor of another list', async () => {
    await person(server);
    await person(server);
    const { body } = await ask('GET', '/accounts?limit=1');
    expect((await ask('GET', `/accounts?limit=1&after=${body.next}`)).status).to.equal(200);
    for (const path of ['/accounts?status=active&', '/audit?']) {
      const other = await ask('GET', `${path}after=${body.next}`);
      expect(other.body).to.include({ code: 'INVALID_CURSOR', status: 400 });
    }
  });

  it('does once what is asked for twice with one Idempotency-Key', async () => {
    const { id } = await person(server);
    const headers = { 'Idempotency-Key': randomUUID() };
    const add = (role: string) => ask('POST', '/operators', { body: { account: String(id), role }, headers });
    const [one, two] = await Promise.all([add('viewer'), add('viewer')]);
    expect([one.status, two.status]).to.deep.equal([201, 201]);
    expect(two.body).to.deep.equal(one.body);
    const other = await add('support');
    expect(other.body).to.include({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
    expect((await ask('GET', `/audit?account=${id}&event=operator.added`)).body.data).to.have.length(1);
    expect((await ask('DELETE', `/operators/${id}`)).status).to.equal(204);
    expect((await ask('DELETE', `/operators/${id}`)).body).to.include({ code: 'OPERATOR_NOT_FOUND' });
  });

  it('keeps the last admin', async () => {
    const { id } = await person(server);
    await asLastAdmin(server, id, async () => {
      const refused = await ask('DELETE', `/operators/${id}`);
      expect(refused.body).to.include({ code: 'LAST_ADMIN', status: 409 });
    });
  });

  it('streams the audit trail as NDJSON', async () => {
    const answer = await ask('GET', '/audit?event=account.read', {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(answer).to.include({ status: 200, type: 'application/x-ndjson' });
    const lines = (answer.body as string).trim().split('\n');
    expect(lines.length).to.be.above(0);
    for (const line of lines) expect(JSON.parse(line)).to.include({ event: 'account.read' });
  });

  it('traces a request by its id', async () => {
    const { id } = await person(server);
    const done = await ask('POST', `/accounts/${id}/suspend`);
    const requestId = done.headers.get('x-request-id') as string;
    const { body } = await ask('GET', `/requests/${requestId}`);
    expect(body).to.include({ request_id: requestId, account: String(id) });
    expect(body.events[0]).to.include({ event: 'account.suspended', actor: 'client:admin-api' });
    expect((await ask('GET', `/requests/${'0'.repeat(32)}`)).status).to.equal(404);
  });

  it('asks for a proof with a token that is bound to a key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    const proof = (method: string, url: string, more: object = {}): string => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const iat = Math.floor(Date.now() / 1000);
      const head = part({ typ: 'dpop+jwt', alg: 'ES256', jwk });
      const signed = `${head}.${part({ jti: randomUUID(), htm: method, htu: url, iat, ...more })}`;
      const key = { key: privateKey, dsaEncoding: 'ieee-p1363' as const };
      return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
    };
    const { body } = await tokenRequest(
      server.url,
      { grant_type: 'client_credentials', resource: `${server.url}/admin`, scope: 'admin:overview:read' },
      { authorization: ADMIN_CLIENT, DPoP: proof('POST', `${server.url}/oauth/token`) },
    );
    const bound = body.access_token;
    const url = `${server.url}/admin/v1/overview`;
    const ath = createHash('sha256').update(bound).digest('base64url');
    const get = async (headers: Record<string, string>): Promise<number> =>
      (await call(server, undefined, ['GET', '/overview'], { headers })).status;
    const right = { authorization: `DPoP ${bound}`, DPoP: proof('GET', url, { ath }) };
    expect(await get(right)).to.equal(200);
    expect(await get(right), 'again').to.equal(401);
    expect(await get({ authorization: `Bearer ${bound}` })).to.equal(401);
    expect(await get({ authorization: `DPoP ${bound}` })).to.equal(401);
    for (const wrong of [
      proof('POST', url, { ath }),
      proof('GET', `${url}/other`, { ath }),
      proof('GET', url, { ath: 'other' }),
      proof('GET', url, { ath, iat: 1 }),
      `${proof('GET', url, { ath }).slice(0, -4)}AAAA`,
    ])
      expect(await get({ authorization: `DPoP ${bound}`, DPoP: wrong })).to.equal(401);
  });
});
