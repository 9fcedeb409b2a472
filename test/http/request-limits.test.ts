import { expect } from 'chai';
import { requestLimits } from '../../src/http/request-limits.ts';
import { exchange } from '../support/raw-exchange.ts';
import { bodyOf, send, serveAll, statusOf, stopAll } from './serve.ts';

const basic = (credentials: string) => `Authorization: Basic ${Buffer.from(credentials).toString('base64')}`;

describe('request limits', () => {
  afterEach(stopAll);

  const start = () =>
    serveAll(requestLimits({ bytesFor: (ctx) => (ctx.path === '/image' ? 1000 : 100) }), (ctx) => {
      ctx.body = 'ok';
    });

  for (const [target, status] of [
    ['/x?a=%E0%B8%81&b=a+b&c=%25', 200],
    ['/%E0%B8%81/x', 200],
    ['/x?a=%00', 400],
    ['/x%00', 400],
    ['/x?%00=a', 400],
    ['/x?a=%', 400],
    ['/x?a=%zz', 400],
    ['/x%2', 400],
    ['/x?a=%ED%A0%80', 400],
    ['/x?a=%FF', 400],
    ['/x?a=%C0%80', 400],
  ] as const)
    it(`target ${target}: ${status}`, async () => {
      const { port } = await start();
      const answer = await send(port, `GET ${target} HTTP/1.1`, 'Host: x');
      expect(statusOf(answer)).to.equal(status);
      if (status === 400) expect(JSON.parse(bodyOf(answer)).error).to.equal('invalid_request');
    });

  for (const [name, header, status] of [
    ['a gzip body', 'Content-Encoding: gzip', 415],
    ['a list of encodings', 'Content-Encoding: identity, gzip', 415],
    ['identity', 'Content-Encoding: Identity', 200],
    ['credentials', basic('client:secret%3A'), 200],
    ['a NUL in credentials', basic('client\0:secret'), 400],
    ['an escaped NUL in credentials', basic('client:%00'), 400],
  ] as const)
    it(`${name}: ${status}`, async () => {
      const { port } = await start();
      expect(statusOf(await send(port, 'POST /x HTTP/1.1', 'Host: x', 'Content-Length: 0', header))).to.equal(
        status,
      );
    });

  it('refuses a stated length before a byte of the body, and closes', async () => {
    const { port } = await start();
    const answer = await exchange(port, 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n');
    expect(statusOf(answer)).to.equal(413);
    expect(answer).to.match(/^connection: close\r$/im);
  });

  it('does not read an endless compressed body', async () => {
    const { port } = await start();
    const head =
      'POST /x HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await exchange(port, `${head}5\r\nxxxxx\r\n`);
    expect(statusOf(answer)).to.equal(415);
    expect(answer).to.match(/^connection: close\r$/im);
  });

  it('takes the limit of the route', async () => {
    const { url } = await start();
    const post = (path: string, length: number) =>
      fetch(url + path, { method: 'POST', body: 'x'.repeat(length) });
    expect((await post('/x', 100)).status).to.equal(200);
    expect((await post('/image', 1000)).status).to.equal(200);
    expect((await post('/image', 1001)).status).to.equal(413);
  });
});
