import { expect } from 'chai';
import { Webhook as Verifier } from 'standardwebhooks';
import { audit } from '../../../src/domain/audit/audit.ts';
import type { WebhookType } from '../../../src/domain/webhook-events/webhook-type.ts';
import { moveClock, resetClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import {
  accept,
  respond,
  verify,
  type WebhookReceiver,
  webhookReceiver,
} from '../../support/webhook-receiver.ts';

describe('delivering events to webhooks', () => {
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

  it('are signed, as standardwebhooks verifies', async () => {
    const { secret } = await register();
    await signedIn();
    await deliver();
    const [event] = receiver.received;
    expect(event?.body && JSON.parse(event.body)).to.deep.include({
      type: 'sign_in.succeeded',
      data: { account_id: String(account), client_id: 'shop', method: 'password' },
    });
    expect(new Date(event?.timestamp ?? '').getTime()).to.be.closeTo(Date.now(), 60_000);
    expect(secret).to.match(/^whsec_/);
    new Verifier(secret).verify(event?.body ?? '', event?.headers ?? {});
    expect(() => new Verifier(secret).verify(`${event?.body} `, event?.headers ?? {})).to.throw();
    expect(event?.headers['content-type']).to.equal('application/json');
    expect((await rows()).map(({ state, last_status }) => [state, last_status])).to.deep.equal([
      ['delivered', 204],
    ]);
  });

  it('have two signatures during a rotation, and then one', async () => {
    const { webhook, secret } = await register();
    const next = await server.domain.webhooks.rotateSecret(webhook.id, 3600);
    await signedIn();
    await deliver();
    const [event] = receiver.received;
    if (!event) throw new Error('nothing received');
    for (const one of [secret, next]) new Verifier(one).verify(event.body, event.headers);
    await moveClock(server.database, 3601);
    await signedIn();
    await deliver();
    const later = receiver.received.at(-1);
    if (!later) throw new Error('nothing received');
    verify(next, later);
    expect(() => verify(secret, later)).to.throw();
    const stored = await server.database.knex('webhook_secrets');
    expect(JSON.stringify(stored)).to.not.include(next.slice(6));
  });

  it('are written with what happened, or not at all', async () => {
    await register();
    await server.database.knex
      .transaction(async (tx) => {
        await signedIn(account, 'password', tx as never);
        throw new Error('rolled back');
      })
      .catch(() => {});
    await deliver();
    expect(receiver.received).to.have.length(0);
    expect(await rows()).to.have.length(0);
  });

  it('are only of the types that the webhook has, and cost no row without a webhook', async () => {
    await signedIn();
    expect(await rows()).to.have.length(0);
    await register(['password.changed']);
    await signedIn();
    await audit({ db: server.database.knex }).record({
      event: 'account.password_changed',
      accountId: account,
    });
    await deliver();
    expect(receiver.received.map(({ type }) => type)).to.deep.equal(['password.changed']);
  });

  it('have contacts only where the webhook was made with them', async () => {
    const { id } = await server.domain.lifecycle.create({
      contacts: [{ kind: 'email', value: 'included@example.com', verified: true }],
    });
    await register();
    const other = await webhookReceiver();
    await server.domain.webhooks.create({
      url: other.url,
      events: ['sign_in.succeeded', 'account.deleted'],
      include: ['contacts'],
    });
    await signedIn(id);
    await deliver();
    expect(receiver.received[0]?.body).to.not.include('included@example.com');
    expect(other.received[0]?.data.contacts).to.deep.equal({
      email: 'included@example.com',
      email_verified: true,
    });
    expect(JSON.stringify(await rows())).to.not.include('included@example.com');
    await server.domain.lifecycle.remove(id);
    await deliver();
    expect(other.received.at(-1)).to.deep.include({ type: 'account.deleted' });
    expect(other.received.at(-1)?.data.contacts).to.deep.equal({});
  });

  it('are tried again after 5 s, 1 min, 10 min, 1 h, 6 h and 24 h with the same id, then given up', async () => {
    await register();
    receiver.answer = respond(500);
    await signedIn();
    for (const seconds of [0, 5, 60, 600, 3600, 6 * 3600, 24 * 3600]) {
      if (seconds > 1) {
        await moveClock(server.database, seconds - 2);
        const before = receiver.received.length;
        await deliver();
        expect(receiver.received.length, `${seconds} s`).to.equal(before);
        await moveClock(server.database, 3);
      }
      await deliver();
    }
    expect(receiver.received).to.have.length(7);
    expect(new Set(receiver.received.map(({ id }) => id)).size).to.equal(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).to.equal(1);
    expect((await rows())[0]).to.include({ state: 'failed', attempts: 7, last_error: 'HTTP_500' });
  });

  it('come in order per account: a later event waits for the earlier, other accounts do not', async () => {
    await register(['sign_in.succeeded', 'password.changed']);
    const { id: other } = await server.domain.lifecycle.create({});
    receiver.answer = (event, response) =>
      event.data.account_id === String(account) ? respond(503)(event, response) : accept(event, response);
    await signedIn();
    await audit({ db: server.database.knex }).record({
      event: 'account.password_changed',
      accountId: account,
    });
    await signedIn(other);
    await deliver();
    expect(receiver.typesOf(account)).to.deep.equal(['sign_in.succeeded']);
    expect(receiver.typesOf(other)).to.deep.equal(['sign_in.succeeded']);
    await signedIn(account, 'totp');
    receiver.answer = accept;
    await moveClock(server.database, 6);
    await deliver();
    expect(receiver.typesOf(account)).to.deep.equal([
      'sign_in.succeeded',
      'sign_in.succeeded',
      'password.changed',
      'sign_in.succeeded',
    ]);
    expect((await rows()).every(({ state }) => state === 'delivered')).to.equal(true);
  });

  it('keep their order with many accounts, two processes and failures in between', async () => {
    await register();
    const accounts: number[] = [];
    for (let count = 0; count < 10; count += 1) accounts.push((await server.domain.lifecycle.create({})).id);
    // by turns, so that the first retry of each always succeeds: the number of rounds does not depend on chance
    const failed = new Set<string>();
    receiver.answer = (event, response) => {
      const fails = /[258]$/.test(String(event.data.method)) && !failed.has(event.id);
      if (fails) failed.add(event.id);
      return fails ? respond(500)(event, response) : accept(event, response);
    };
    for (let turn = 0; turn < 8; turn += 1)
      await audit({ db: server.database.knex }).recordAll(
        accounts.map((accountId) => ({
          event: 'sign_in.succeeded',
          accountId,
          details: { method: `turn ${turn}` },
        })),
      );
    for (let round = 0; round < 40 && (await rows()).some(({ state }) => state === 'waiting'); round += 1) {
      await Promise.all([deliver(), second.jobs.delivering.runNow()]);
      await moveClock(server.database, 6);
    }
    for (const one of accounts) {
      const turns = receiver.received.filter(({ data }) => data.account_id === String(one));
      // the failed ones appear twice, before the next
      const expected = [0, 1, 2, 2, 3, 4, 5, 5, 6, 7].map((turn) => `turn ${turn}`);
      expect(turns.map(({ data }) => data.method)).to.deep.equal(expected);
    }
    expect(failed.size).to.equal(20);
  });

  it('are made by one process each', async () => {
    await register();
    for (let count = 0; count < 20; count += 1)
      await audit({ db: server.database.knex }).record({ event: 'sign_in.succeeded', details: {} });
    await Promise.all([deliver(), second.jobs.delivering.runNow()]);
    expect(receiver.received).to.have.length(20);
    expect(new Set(receiver.received.map(({ id }) => id)).size).to.equal(20);
  });

  it('are made again with the same id when a process died before it wrote the result', async () => {
    const { webhook } = await register();
    await signedIn();
    const { claimed } = await server.domain.webhookDeliveries.claim(webhook.id, 5);
    expect(claimed).to.have.length(1);
    await deliver();
    expect(receiver.received).to.have.length(0);
    await moveClock(server.database, 11);
    await second.jobs.delivering.runNow();
    expect(receiver.received.map(({ id }) => id)).to.deep.equal([claimed[0]?.id]);
    // the dead process comes back late: its lease has expired, and it changes nothing
    receiver.answer = respond(500);
    const late = claimed[0];
    if (late) await server.domain.webhookDeliveries.attempt(late);
    expect((await rows())[0]).to.include({ state: 'delivered', attempts: 1 });
  });

  it('are retried after the first delay when processes died before, which is no failure of the receiver', async () => {
    const { webhook } = await register();
    await signedIn();
    for (let deaths = 0; deaths < 7; deaths += 1) {
      expect((await server.domain.webhookDeliveries.claim(webhook.id, 5)).claimed).to.have.length(1);
      await moveClock(server.database, 11);
    }
    receiver.answer = respond(500);
    await deliver();
    expect((await rows())[0]).to.include({ state: 'waiting', attempts: 1, last_error: 'HTTP_500' });
    receiver.answer = accept;
    await moveClock(server.database, 6);
    await deliver();
    expect((await rows())[0]).to.include({ state: 'delivered', attempts: 2 });
  });

  it('are swept after 14 days', async () => {
    const { webhook } = await register();
    await signedIn();
    await deliver();
    const { data } = await server.domain.webhooks.deliveries(webhook.id, undefined, { limit: 5 });
    expect(data).to.have.length(1);
    const { sweeper } = await import('../../../src/domain/sweeping/sweep.ts');
    const sweep = sweeper({ db: server.database.knex, size: 100, auditDays: 400 });
    await moveClock(server.database, 13.9 * 86_400);
    await sweep();
    expect(await rows()).to.have.length(1);
    await moveClock(server.database, 0.2 * 86_400);
    await sweep();
    expect(await rows()).to.have.length(0);
  });
});
