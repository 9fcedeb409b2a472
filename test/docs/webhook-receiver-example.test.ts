import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { atEnd } from '../support/at-end.ts';
import { freePort } from '../support/free-port.ts';
import { startServer, type TestServer } from '../support/server.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/webhook-receiver/receiver.js', import.meta.url));

describe('examples/webhook-receiver', () => {
  let server: TestServer;
  let url = '';
  let id = '';
  let output = '';

  before(async () => {
    server = await startServer({ outbound: { allow: ['127.0.0.1'] } }, { alone: true });
    const port = await freePort();
    url = `http://127.0.0.1:${port}/events`;
    const { webhook, secret } = await server.domain.webhooks.create({ url, events: ['account.registered'] });
    id = webhook.id;
    const child = spawn(process.execPath, [EXAMPLE], {
      env: { PATH: process.env.PATH, WEBHOOK_SECRET: secret, PORT: String(port) },
    });
    atEnd(async () => void child.kill());
    child.stdout.on('data', (part) => (output += String(part)));
    await once(child.stdout, 'data');
  });
  after(async () => {
    await server.domain.webhooks.remove(id);
    await server.stop();
  });

  it('accepts an event, and recognises one that comes again', async () => {
    const { id: account } = await server.domain.lifecycle.create({});
    await server.jobs.delivering.runNow();
    const { data } = await server.domain.webhooks.deliveries(id, 'delivered', { limit: 1 });
    await server.domain.webhooks.redeliver(id, data[0]?.id ?? '');
    await server.jobs.delivering.runNow();
    expect(output).to.include(`account.registered {"account_id":"${account}","client_id":null}`);
    expect(output).to.include(`repeated ${data[0]?.id}`);
  });

  it('refuses what is not signed, or was signed long ago', async () => {
    const headers = {
      'webhook-id': '1',
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': 'v1,AAAA',
    };
    for (const wrong of [{}, headers, { ...headers, 'webhook-timestamp': '1' }]) {
      const { status } = await fetch(url, { method: 'POST', body: '{"type":"forged"}', headers: wrong });
      expect(status).to.equal(400);
    }
    expect(output).to.not.include('forged');
  });
});
