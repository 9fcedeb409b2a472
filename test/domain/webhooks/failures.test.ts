import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Webhook as Verifier } from 'standardwebhooks';
import { audit } from '../../../src/domain/audit/audit.ts';
import type { WebhookType } from '../../../src/domain/webhook-events/webhook-type.ts';
import { moveClock, resetClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { accept, respond, type WebhookReceiver, webhookReceiver } from '../../support/webhook-receiver.ts';

describe('webhooks that do not accept events', () => {
  let server: TestServer;
  let second: TestServer;
  let receiver: WebhookReceiver;
  let account = 0;

  before(async () => {
    const outbound = { allow: ['localhost'] };
    server = await startServer({ outbound }, { alone: true });
    second = await startServer({ outbound });
    await server.database.knex('webhook_deliveries').delete();
  });
  beforeEach(async () => {
    receiver = await webhookReceiver();
    ({ id: account } = await server.domain.lifecycle.create({ profile: { locale: 'en' } }));
  });
  afterEach(async () => {
    await resetClock();
    for (const { id } of await server.domain.webhooks.list()) await server.domain.webhooks.remove(id);
    await server.database.knex('webhook_deliveries').delete();
  });
  after(async () => {
    await Promise.all([server.stop(), second.stop()]);
  });

  const register = (events: WebhookType[] = ['sign_in.succeeded'], more: Record<string, unknown> = {}) =>
    server.domain.webhooks.create({ url: receiver.url, events, ...more });
  const signedIn = (accountId = account, method = 'password', db = server.database.knex) =>
    audit({ db }).record({ event: 'sign_in.succeeded', accountId, clientId: 'shop', details: { method } });
  const deliver = () => server.jobs.delivering.runNow();
  const rows = () => server.database.knex('webhook_deliveries').orderBy('position');
  const rest = async (id: string) => server.domain.webhooks.find(id);

  for (const [name, answer, error] of [
    ['a redirect', respond(302, { location: 'https://example.com/' }), 'REDIRECT'],
    ['status 400', respond(400), 'HTTP_400'],
    ['a huge response', (_: unknown, response) => void response.end(Buffer.alloc(1_000_000)), 'SIZE'],
    ['a closed connection', (_: unknown, response) => void response.destroy(), 'NETWORK'],
  ] as [string, WebhookReceiver['answer'], string][])
    it(`fail with ${name}`, async () => {
      const { webhook } = await register();
      receiver.answer = answer;
      await signedIn();
      await deliver();
      expect((await rows())[0]).to.include({ state: 'waiting', last_error: error, attempts: 1 });
      expect((await rest(webhook.id)).failingSince).to.be.a('date');
      receiver.answer = accept;
      await moveClock(server.database, 6);
      await deliver();
      expect((await rows())[0]).to.include({ state: 'delivered', last_error: null });
      expect((await rest(webhook.id)).failingSince).to.equal(null);
    });

  it('fail without a response in 3 s, and delay no other webhook meanwhile', async () => {
    await register();
    receiver.answer = () => {};
    const other = await webhookReceiver();
    await server.domain.webhooks.create({ url: other.url, events: ['password.changed'] });
    await signedIn();
    const started = Date.now();
    const slow = deliver();
    while (receiver.received.length === 0) await pause(10);
    await audit({ db: server.database.knex }).record({
      event: 'account.password_changed',
      accountId: account,
    });
    const polled = server.jobs.delivering.runNow();
    while (other.received.length === 0) await pause(10);
    expect((await rows())[0]).to.include({ state: 'waiting', last_error: null });
    await Promise.all([slow, polled]);
    expect(Date.now() - started).to.be.within(2900, 8000);
    expect((await rows()).map(({ last_error }) => last_error)).to.deep.equal(['TIMEOUT', null]);
  });

  it('disable the webhook at 410, by mail to the operators and with an audit event', async () => {
    const { webhook } = await register();
    const { id: admin } = await server.domain.lifecycle.create({
      profile: { locale: 'en' },
      contacts: [{ kind: 'email', value: `admin-${account}@example.com`, verified: true }],
    });
    await server.domain.operators.add(admin, 'admin');
    receiver.answer = respond(410);
    await signedIn();
    await signedIn();
    await deliver();
    expect(receiver.received).to.have.length(1);
    expect(await rest(webhook.id)).to.deep.include({ disabledReason: 'gone' });
    const [mail] = await server.domain.outbox.list({ to: `admin-${account}@example.com`, limit: 5 });
    expect(mail?.subject).to.include('localhost').and.include('disabled');
    expect(mail?.text).to.include(`/console/webhooks/${webhook.id}`).and.not.include(receiver.url);
    const events = await server.database.knex('audit').where({ event: 'webhook.disabled' });
    expect(events.map(({ details }) => details)).to.deep.include({ webhook: webhook.id, cause: 'gone' });
    // no new deliveries are stored for it, and pending ones are delivered once it is enabled
    await signedIn();
    expect(await rows()).to.have.length(2);
    receiver.answer = accept;
    await server.domain.webhooks.change(webhook.id, { enabled: true });
    await deliver();
    expect(receiver.received).to.have.length(2);
  });

  it('disable the webhook after three days of failures, and not before', async () => {
    const { webhook } = await register();
    receiver.answer = respond(500);
    await signedIn();
    await deliver();
    await moveClock(server.database, 2.9 * 86_400);
    await deliver();
    expect((await rest(webhook.id)).disabledAt).to.equal(null);
    await moveClock(server.database, 0.2 * 86_400);
    await deliver();
    expect(await rest(webhook.id)).to.deep.include({ disabledReason: 'failing' });
  });

  it('of a private address are refused when they are sent', async () => {
    const { webhook } = await register();
    await server.database
      .knex('webhooks')
      .where({ id: webhook.id })
      .update({ url: 'https://127.0.0.2/events' });
    await signedIn();
    await deliver();
    expect((await rows())[0]).to.include({ state: 'waiting', last_error: 'ADDRESS' });
  });

  it('are tested once, also while disabled, and delivered again on request', async () => {
    const { webhook, secret } = await register();
    await server.domain.webhooks.change(webhook.id, { enabled: false });
    expect(await server.domain.webhookDeliveries.test(webhook.id)).to.include({ state: 'delivered' });
    const [test] = receiver.received;
    expect(test?.type).to.equal('webhook.test');
    new Verifier(secret).verify(test?.body ?? '', test?.headers ?? {});
    receiver.answer = respond(500);
    const failed = await server.domain.webhookDeliveries.test(webhook.id);
    expect(failed).to.deep.include({ state: 'failed', lastStatus: 500, lastError: 'HTTP_500' });
    receiver.answer = accept;
    await server.domain.webhooks.change(webhook.id, { enabled: true });
    await server.domain.webhooks.redeliver(webhook.id, failed.id);
    await deliver();
    expect(receiver.received.at(-1)?.id).to.equal(failed.id);
  });
});
