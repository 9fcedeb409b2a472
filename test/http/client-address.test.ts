import { expect } from 'chai';
import { clientAddress } from '../../src/http/client-address.ts';
import { bodyOf, send, serveAll, stopAll } from './serve.ts';

describe('client address', () => {
  afterEach(stopAll);

  for (const [name, trustProxy, forwarded, expected] of [
    ['no proxy of ours: the header is a stranger’s', 0, ['203.0.113.9'], '127.0.0.1'],
    ['no header', 1, [], '127.0.0.1'],
    ['one proxy', 1, ['203.0.113.9'], '203.0.113.9'],
    ['one proxy, a forged entry before its own', 1, ['1.1.1.1, 203.0.113.9'], '203.0.113.9'],
    ['one proxy, a forged header before its own', 1, ['1.1.1.1', '203.0.113.9'], '203.0.113.9'],
    ['two proxies', 2, ['1.1.1.1, 203.0.113.9, 10.0.0.1'], '203.0.113.9'],
    ['two proxies, called through one', 2, ['203.0.113.9'], '203.0.113.9'],
    ['a mapped address', 1, ['::ffff:203.0.113.9'], '203.0.113.9'],
    ['an IPv6 address', 1, ['2001:DB8::0001'], '2001:db8::1'],
    ['no address', 1, ['unknown'], '127.0.0.1'],
    ['an empty entry', 1, ['1.1.1.1,'], '127.0.0.1'],
  ] as const)
    it(name, async () => {
      const { port } = await serveAll((ctx) => {
        ctx.body = clientAddress(ctx, trustProxy);
      });
      const headers = forwarded.map((value) => `X-Forwarded-For: ${value}`);
      expect(bodyOf(await send(port, 'GET / HTTP/1.1', 'Host: x', ...headers))).to.equal(expected);
    });
});
