import { expect } from 'chai';
import { webhookCheck } from '../../src/bin/doctor/webhooks.ts';
import { command } from '../support/command.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { respond, verify, type WebhookReceiver, webhookReceiver } from '../support/webhook-receiver.ts';

describe('pratu webhook', () => {
  let server: TestServer;
  let receiver: WebhookReceiver;

  before(async () => {
    server = await testServer();
  });
  beforeEach(async () => {
    receiver = await webhookReceiver();
  });
  afterEach(async () => {
    for (const { id } of await server.domain.webhooks.list()) await server.domain.webhooks.remove(id);
  });

  const create = async (...more: string[]) => {
    const args = ['webhook', 'create', '--url', receiver.url, '--event', 'account.registered', ...more];
    const { code, stdout, stderr } = await command([...args, '--json']);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as { id: string; secret: string; events: string[]; include: string[] };
  };

  it('adds a receiver whose secret no other command shows', async () => {
    const made = await create('--event', 'sign_in.succeeded', '--include', 'contacts');
    expect(made).to.deep.include({
      events: ['account.registered', 'sign_in.succeeded'],
      include: ['contacts'],
    });
    const { stdout } = await command(['webhook', 'list']);
    expect(stdout).to.include(made.id).and.include(receiver.url).and.not.include(made.secret.slice(6));
  });

  it('refuses what is wrong', async () => {
    const wrong: [string[], number, RegExp][] = [
      [['--url', 'https://10.0.0.1/', '--event', 'account.registered'], 1, /private address/],
      [['--url', receiver.url, '--event', 'account.exploded'], 1, /no such type/],
      [['--url', receiver.url], 2, /--event/],
    ];
    for (const [args, exit, told] of wrong) {
      const { code, stderr } = await command(['webhook', 'create', ...args]);
      expect([code, stderr]).to.satisfy(
        ([one, text]: [number, string]) => one === exit && told.test(text),
        stderr,
      );
    }
    const { code, stderr } = await command(['webhook', 'test', 'nonsense']);
    expect([code, stderr]).to.deep.equal([1, 'pratu: Webhook not found.\n']);
  });

  it('sends a test event without a server, and tells whether it was accepted', async () => {
    const { id, secret } = await create();
    expect((await command(['webhook', 'test', id])).code).to.equal(0);
    const [event] = receiver.received;
    if (!event) throw new Error('nothing received');
    verify(secret, event);
    receiver.answer = respond(500);
    const failed = await command(['webhook', 'test', id]);
    expect(failed.code).to.equal(1);
    expect(failed.stdout).to.include('HTTP_500');
    const { stdout } = await command(['webhook', 'deliveries', id, '--state', 'failed', '--json']);
    expect(JSON.parse(stdout)).to.have.length(1);
  });

  it('delivers again, rotates, enables and removes', async () => {
    const { id, secret } = await create();
    const { id: delivery } = await server.domain.webhookDeliveries.test(id);
    expect((await command(['webhook', 'redeliver', id, delivery])).code).to.equal(0);
    const rotated = await command(['webhook', 'rotate-secret', id, '--keep', '0', '--json']);
    expect(JSON.parse(rotated.stdout).secret)
      .to.match(/^whsec_/)
      .and.not.equal(secret);
    await server.domain.webhooks.change(id, { enabled: false });
    expect((await command(['webhook', 'redeliver', id, delivery])).stderr).to.include('disabled');
    expect((await command(['webhook', 'enable', id])).code).to.equal(0);
    expect((await server.domain.webhooks.find(id)).disabledAt).to.equal(null);
    expect((await command(['webhook', 'remove', id, '--yes'])).code).to.equal(0);
    expect((await command(['webhook', 'list', '--json'])).stdout).to.equal('[]\n');
  });

  it('is examined by the doctor', async () => {
    const { id } = await create();
    const check = async () => webhookCheck(await server.domain.webhooks.list());
    expect(await check()).to.include({ status: 'ok', message: '1, none failing' });
    await server.database.knex('webhooks').where({ id }).update({ failing_since: new Date() });
    expect(await check()).to.include({ status: 'warn' });
    await server.domain.webhooks.change(id, { enabled: false });
    expect((await check()).message).to.match(/^disabled: localhost:\d+$/);
  });
});
