import { expect } from 'chai';
import { ADMIN_SCOPES } from '../../../src/domain/operators/role.ts';
import { MOST_WEBHOOKS } from '../../../src/domain/webhooks/webhook.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { respond, verify, type WebhookReceiver, webhookReceiver } from '../../support/webhook-receiver.ts';
import { type Answer, call, clientToken } from './admin-client.ts';

describe('webhooks in the Admin API', () => {
  let server: TestServer;
  let token = '';
  let receiver: WebhookReceiver;

  before(async () => {
    server = await startServer({ outbound: { allow: ['localhost'] } });
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
  });
  beforeEach(async () => {
    receiver = await webhookReceiver();
  });
  afterEach(async () => {
    for (const { id } of await server.domain.webhooks.list()) await server.domain.webhooks.remove(id);
  });
  after(() => server.stop());

  const ask = (method: string, path = '', options: Parameters<typeof call>[3] = {}): Promise<Answer> =>
    call(server, token, [method, `/webhooks${path}`], options);
  const create = (more: object = {}): Promise<Answer> =>
    ask('POST', '', { body: { url: receiver.url, events: ['account.registered'], ...more } });
  const errorsOf = ({ body }: Answer): [string, string][] =>
    (body.errors ?? []).map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]);

  it('are added with a secret that only this response has', async () => {
    const made = await create({ include: ['contacts'] });
    expect(made.status).to.equal(201);
    expect(made.body).to.deep.include({
      ...{ url: receiver.url, events: ['account.registered'], include: ['contacts'] },
      ...{ enabled: true, state: 'active', failing_since: null, disabled_at: null, disabled_reason: null },
    });
    expect(made.body.secret).to.match(/^whsec_[\w+/]{43}=$/);
    expect(made.headers.get('location')).to.equal(`/admin/v1/webhooks/${made.body.id}`);
    const shown = await ask('GET', `/${made.body.id}`);
    const listed = await ask('GET');
    expect(listed.body.data).to.deep.equal([shown.body]);
    for (const { body } of [shown, listed]) expect(JSON.stringify(body)).to.not.include('whsec_');
    const audited = await server.database
      .knex('audit')
      .where({ event: 'webhook.created' })
      .orderBy('id', 'desc');
    expect(audited[0].details).to.deep.include({ webhook: made.body.id, events: 'account.registered' });
    expect(JSON.stringify(audited)).to.not.include('whsec_');
  });

  it('get the first response again for an Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'one-webhook' };
    const body = { url: receiver.url, events: ['account.registered'] };
    const first = await ask('POST', '', { body, headers });
    const again = await ask('POST', '', { body, headers });
    expect(again.body).to.deep.equal(first.body);
    expect((await ask('GET')).body.data).to.have.length(1);
  });

  it('are refused with what is wrong with them', async () => {
    const wrong: [object, [string, string][]][] = [
      [{ url: 'nonsense' }, [['/url', 'INVALID_WEBHOOK_URL']]],
      [{ url: 'ftp://example.com/' }, [['/url', 'INVALID_WEBHOOK_URL']]],
      [{ url: 'https://someone:secret@example.com/' }, [['/url', 'INVALID_WEBHOOK_URL']]],
      [{ url: 'https://example.com/#part' }, [['/url', 'INVALID_WEBHOOK_URL']]],
      [{ url: 'http://93.184.215.14/events' }, [['/url', 'INVALID_WEBHOOK_URL']]],
      [{ url: 'https://10.0.0.1/events' }, [['/url', 'WEBHOOK_URL_REFUSED']]],
      [{ url: 'https://[::1]/events' }, [['/url', 'WEBHOOK_URL_REFUSED']]],
      [{ events: ['account.exploded'] }, [['/events', 'UNKNOWN_WEBHOOK_EVENT']]],
      [{ events: ['webhook.test'] }, [['/events', 'UNKNOWN_WEBHOOK_EVENT']]],
      [{ events: [] }, [['/events', 'VALUE_MISSING']]],
      [{ include: ['passwords'] }, [['/include', 'UNKNOWN_WEBHOOK_INCLUDE']]],
      [
        { url: 'https://127.0.0.1/', events: [] },
        [
          ['/url', 'WEBHOOK_URL_REFUSED'],
          ['/events', 'VALUE_MISSING'],
        ],
      ],
    ];
    for (const [more, errors] of wrong) {
      const answer = await create(more);
      expect([answer.status, errorsOf(answer)], JSON.stringify(more)).to.deep.equal([400, errors]);
    }
    expect((await ask('POST', '', { body: { events: ['account.registered'] } })).status).to.equal(400);
    await create();
    const taken = await create();
    expect([taken.status, taken.body.code]).to.deep.equal([409, 'WEBHOOK_TAKEN']);
  });

  it('are limited in number', async () => {
    const urls = Array.from({ length: MOST_WEBHOOKS + 1 }, (_, index) => `${receiver.url}/${index}`);
    const answers = await Promise.all(urls.map((url) => create({ url })));
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([
      ...Array(MOST_WEBHOOKS).fill(201),
      409,
    ]);
  });

  it('are changed, disabled and enabled, against If-Match', async () => {
    const made = await create();
    const etag = made.headers.get('etag') as string;
    const patch = (body: object, headers = {}) => ask('PATCH', `/${made.body.id}`, { body, headers });
    const changed = await patch({ events: ['password.changed'], enabled: false }, { 'If-Match': etag });
    expect(changed.body).to.deep.include({
      ...{ events: ['password.changed'], enabled: false, state: 'disabled', disabled_reason: 'operator' },
    });
    expect((await patch({ events: ['client.changed'] }, { 'If-Match': etag })).status).to.equal(412);
    expect((await ask('DELETE', `/${made.body.id}`, { headers: { 'If-Match': etag } })).status).to.equal(412);
    expect((await patch({ enabled: true })).body).to.deep.include({ enabled: true, disabled_reason: null });
    const refused = await patch({ url: 'https://192.168.0.1/' });
    expect(errorsOf(refused)).to.deep.equal([['/url', 'WEBHOOK_URL_REFUSED']]);
    expect((await ask('DELETE', `/${made.body.id}`)).status).to.equal(204);
    expect((await ask('GET', `/${made.body.id}`)).body.code).to.equal('WEBHOOK_NOT_FOUND');
  });

  it('are disabled and changed although their URL is no longer allowed, but not enabled', async () => {
    const { body } = await create();
    await server.database
      .knex('webhooks')
      .where({ id: body.id })
      .update({ url: 'https://192.168.0.1/events' });
    const patch = (change: object) => ask('PATCH', `/${body.id}`, { body: change });
    expect((await patch({ events: ['password.changed'] })).status).to.equal(200);
    expect((await patch({ enabled: false })).body).to.include({ enabled: false });
    for (const refused of [{ enabled: true }, { url: 'https://192.168.0.1/events' }])
      expect(errorsOf(await patch(refused))).to.deep.equal([['/url', 'WEBHOOK_URL_REFUSED']]);
  });

  it('are tested, have deliveries, and deliver one of them again', async () => {
    const made = await create();
    const path = `/${made.body.id}`;
    expect((await ask('POST', `${path}/test`)).body).to.include({ state: 'delivered', last_status: 204 });
    receiver.answer = respond(500);
    const failed = await ask('POST', `${path}/test`);
    expect(failed.body).to.deep.include({ state: 'failed', attempts: 1, last_error: 'HTTP_500' });
    const all = await ask('GET', `${path}/deliveries?limit=1`);
    expect(all.body.data[0]).to.deep.equal(failed.body);
    const rest = await ask('GET', `${path}/deliveries?after=${all.body.next}`);
    expect(rest.body.data.map(({ state }: { state: string }) => state)).to.deep.equal(['delivered']);
    expect((await ask('GET', `${path}/deliveries?state=failed`)).body.data).to.have.length(1);
    const again = await ask('POST', `${path}/deliveries/${failed.body.id}/redeliver`);
    expect(again.body).to.deep.include({ id: failed.body.id, state: 'waiting' });
    const other = await ask('POST', `${path}/deliveries/${made.body.id}/redeliver`);
    expect([other.status, other.body.code]).to.deep.equal([404, 'DELIVERY_NOT_FOUND']);
    await ask('PATCH', path, { body: { enabled: false } });
    const disabled = await ask('POST', `${path}/deliveries/${failed.body.id}/redeliver`);
    expect([disabled.status, disabled.body.code]).to.deep.equal([409, 'WEBHOOK_DISABLED']);
  });

  it('get another secret', async () => {
    const made = await create();
    const rotated = await ask('POST', `/${made.body.id}/rotate-secret`, { body: { keep_seconds: 0 } });
    await ask('POST', `/${made.body.id}/test`);
    const [event] = receiver.received;
    if (!event) throw new Error('nothing received');
    verify(rotated.body.secret, event);
    expect(() => verify(made.body.secret, event)).to.throw();
  });

  it('are not found under any other name', async () => {
    const requests: [string, string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { body: { enabled: true } }],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/rotate-secret', { body: {} }],
      ['GET', '/deliveries'],
      ['POST', '/deliveries/1/redeliver'],
    ];
    for (const id of ['nonsense', '6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'])
      for (const [method, path, options] of requests) {
        const answer = await ask(method, `/${id}${path}`, options);
        expect([answer.status, answer.body.code], `${method} ${path}`).to.deep.equal([
          404,
          'WEBHOOK_NOT_FOUND',
        ]);
      }
  });

  it('need the scope admin:webhooks:write', async () => {
    const reader = await clientToken(server, 'admin:overview:read');
    expect((await call(server, reader, ['GET', '/webhooks'])).status).to.equal(403);
  });
});
