import { expect } from 'chai';
import { resetClock, setClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { respond, verify, type WebhookReceiver, webhookReceiver } from '../../support/webhook-receiver.ts';
import { alertsOf } from '../visitor.ts';
import { fieldsOf } from './client-pages.ts';
import { type Operator, operator } from './operator.ts';

const SECRET = /whsec_[\w+/]{43}=/;

describe('webhooks in the console', () => {
  let server: TestServer;
  let admin: Operator;
  let receiver: WebhookReceiver;

  before(async () => {
    server = await startServer({ outbound: { allow: ['localhost'] } }, { alone: true });
  });
  beforeEach(async () => {
    receiver = await webhookReceiver();
    admin = await operator(server, 'admin');
  });
  afterEach(async () => {
    await resetClock();
    for (const { id } of await server.domain.webhooks.list()) await server.domain.webhooks.remove(id);
  });
  after(() => server.stop());

  const form = (more: Record<string, string> = {}): Record<string, string> => ({
    webhookUrl: receiver.url,
    'event.account.registered': 'true',
    ...more,
  });
  async function add(more: Record<string, string> = {}) {
    await admin.open('/console/new-webhook');
    return admin.send('/console/new-webhook', form(more));
  }
  async function added(): Promise<{ path: string; id: string; secret: string }> {
    const { page } = await add();
    const [one] = await server.domain.webhooks.list();
    const id = one?.id ?? '';
    return { path: `/console/webhooks/${id}`, id, secret: SECRET.exec(page)?.[0] ?? '' };
  }

  it('are added with a secret that is shown once, and listed', async () => {
    const { path, secret } = await added();
    const { page } = await admin.open('/console/webhooks');
    expect(page).to.include(receiver.url).and.include('account.registered').and.include('Active');
    const { page: one } = await admin.open(path);
    expect(one).to.include('no deliveries').and.not.match(SECRET);
    expect(secret).to.match(SECRET);
  });

  it('are refused with what is wrong beside its field', async () => {
    const wrong: [Record<string, string>, string][] = [
      [{ webhookUrl: 'nonsense' }, 'valid URL'],
      [{ webhookUrl: 'https://10.0.0.1/' }, 'private address'],
      [{ 'event.account.registered': '' }, 'Events'],
    ];
    for (const [fields, told] of wrong) {
      const seen = await add(fields);
      expect(seen.status, told).to.equal(400);
      expect(alertsOf(seen), told).to.have.length(1);
      expect(seen.page, told).to.include(told);
    }
    await add();
    const taken = await add();
    expect(taken.page).to.include('Another webhook has this URL');
    expect(await server.domain.webhooks.list()).to.have.length(1);
  });

  it('are tested, and tell what became of it', async () => {
    const { path, secret } = await added();
    await admin.open(path);
    const accepted = await admin.send(`${path}/test`);
    expect(accepted.next).to.equal(`${path}?outcome=webhook_accepted`);
    const [event] = receiver.received;
    if (!event) throw new Error('nothing received');
    verify(secret, event);
    receiver.answer = respond(500);
    await admin.open(path);
    const refused = await admin.send(`${path}/test`);
    const { page } = await admin.open(refused.next);
    expect(page).to.include('did not accept').and.include('HTTP_500');
    expect((await admin.open(`${path}?state=delivered`)).page).to.not.include('HTTP_500');
  });

  it('deliver an event again', async () => {
    const { path, id } = await added();
    const { id: delivery } = await server.domain.webhookDeliveries.test(id);
    await admin.open(path);
    const again = await admin.send(`${path}/redeliver`, { delivery });
    expect(again.next).to.equal(`${path}?outcome=webhook_redelivered`);
    await server.jobs.delivering.runNow();
    expect(receiver.received.map((event) => event.id)).to.deep.equal([delivery, delivery]);
  });

  it('are changed, which an outdated page cannot do', async () => {
    const { path, id } = await added();
    const shown = fieldsOf((await admin.open(path)).page);
    const change = form({ version: shown.version ?? '', 'event.password.changed': 'true', contacts: 'true' });
    expect((await admin.send(path, change)).next).to.equal(`${path}?outcome=webhook_changed`);
    const stored = await server.domain.webhooks.find(id);
    expect([stored.events, stored.include]).to.deep.equal([
      ['account.registered', 'password.changed'],
      ['contacts'],
    ]);
    await admin.open(path);
    expect((await admin.send(path, form({ version: shown.version ?? '' }))).status).to.equal(412);
  });

  it('are disabled and enabled', async () => {
    const { path, id } = await added();
    await admin.open(path);
    await admin.send(`${path}/switch`, { enabled: 'false' });
    expect((await admin.open(path)).page).to.include('An operator disabled it');
    expect((await server.domain.webhooks.find(id)).disabledReason).to.equal('operator');
    await admin.send(`${path}/switch`, { enabled: 'true' });
    expect((await server.domain.webhooks.find(id)).disabledAt).to.equal(null);
  });

  it('get another secret after a recent authentication', async () => {
    const { path, secret } = await added();
    await admin.open(path);
    await setClock(server.database, 301);
    expect((await admin.send(`${path}/rotate`, { keep: 'none' })).page).to.not.match(SECRET);
    await resetClock();
    await admin.open(path);
    const rotated = SECRET.exec((await admin.send(`${path}/rotate`, { keep: 'none' })).page)?.[0] ?? '';
    await admin.open(path);
    await admin.send(`${path}/test`);
    const [event] = receiver.received;
    if (!event) throw new Error('nothing received');
    verify(rotated, event);
    expect(() => verify(secret, event)).to.throw();
  });

  it('are removed after a recent authentication and a confirmation', async () => {
    const { path } = await added();
    const { host } = new URL(receiver.url);
    await admin.open(path);
    expect((await admin.send(`${path}/remove`, { confirmation: 'other' })).status).to.equal(400);
    await setClock(server.database, 301);
    await admin.send(`${path}/remove`, { confirmation: host });
    expect(await server.domain.webhooks.list()).to.have.length(1);
    await resetClock();
    await admin.open(path);
    const removed = await admin.send(`${path}/remove`, { confirmation: host });
    expect(removed.next).to.equal('/console/webhooks?outcome=webhook_removed');
    expect((await admin.open('/console/webhooks')).page).to.include('There are no webhooks');
  });

  it('are for admins only', async () => {
    const support = await operator(server, 'support');
    expect((await support.open('/console/webhooks')).status).to.equal(403);
  });
});
