import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { expect } from 'chai';
import { failureOf, type SendFailure } from '../../../src/domain/messages/send-failure.ts';
import { type SmsSettings, smsSender } from '../../../src/domain/messages/sms-sender.ts';
import { systemClock } from '../../../src/lib/clock.ts';

const ID = '6f1f1c1e-8f55-4c39-8f51-0f2a4a2f7a01';
const content = { to: '+66812345678', text: 'รหัส "1&2" {{id}}\n' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

describe('sending SMS', () => {
  let gateway: Server;
  let received: Received[];
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    received = [];
    answer = (response) => response.writeHead(202).end('accepted');
    gateway = createServer(async (request, response) => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: await readText(request) });
      answer(response);
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    gateway.closeAllConnections();
    gateway.close();
    await once(gateway, 'close');
  });

  const send = ({ path = '/', ...settings }: Partial<SmsSettings> & { path?: string } = {}): Promise<void> =>
    smsSender({
      url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}${path}`,
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"to":{{to}},"text":{{text}},"id":{{id}}}',
      timeoutMs: 10_000,
      fetch: (url, init) => fetch(url, init),
      clock: systemClock,
      ...settings,
    })({ id: ID, content, signal: AbortSignal.timeout(15_000) });
  const failure = (sending: Promise<void>): Promise<SendFailure> =>
    sending.then(() => expect.fail('it was sent'), failureOf);

  it('fills in a JSON body, once, and has the id as its idempotency key', async () => {
    await send({ headers: { ...JSON_TYPE, authorization: 'Bearer key' } });
    expect(JSON.parse(received[0]?.body ?? '')).to.deep.equal({ ...content, id: ID });
    expect(received[0]?.headers).to.include({ 'idempotency-key': ID, authorization: 'Bearer key' });
  });

  it('fills in a form', async () => {
    await send({
      method: 'PUT',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'to={{to}}&text={{text}}',
    });
    expect(received[0]?.method).to.equal('PUT');
    expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).to.deep.equal(content);
  });

  it('fills in a URL', async () => {
    await send({ path: '/send?to={{to}}&text={{text}}', method: 'GET', headers: {} });
    const { searchParams } = new URL(received[0]?.url ?? '', 'http://gateway');
    expect(Object.fromEntries(searchParams)).to.deep.equal(content);
    expect(received[0]?.body).to.equal('');
  });

  it('needs a content type that values can be written in', () => {
    expect(() => send({ headers: {} })).to.throw('content-type');
    for (const type of ['text/plain', 'application/jsonp']) {
      expect(() => send({ headers: { 'content-type': type } }), type).to.throw('content-type');
    }
  });

  it('fails with the status of a refusal', async () => {
    answer = (response) => response.writeHead(500).end('to +66812345678');
    const { code, retryAfter } = await failure(send());
    expect({ code, retryAfter }).to.deep.equal({ code: 'HTTP_500', retryAfter: 0 });
  });

  it('waits as long as the gateway asks', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '120' }).end();
    const { code, retryAfter } = await failure(send());
    expect({ code, retryAfter }).to.deep.equal({ code: 'HTTP_429', retryAfter: 120 });
  });

  it('follows no redirect', async () => {
    answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
    expect((await failure(send())).code).to.equal('HTTP_307');
    expect(received).to.have.length(1);
  });

  it('gives up on a slow gateway', async () => {
    answer = () => {};
    expect((await failure(send({ timeoutMs: 50 }))).code).to.equal('TIMEOUT');
  });
});
