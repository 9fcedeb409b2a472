import type { lookup as systemLookup } from 'node:dns';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Outbound, OutboundError, type OutboundSettings, outbound } from '../../src/lib/outbound.ts';

describe('outbound', () => {
  let server: Server;
  let port: number;
  let connections: number;
  let listener: RequestListener;
  const made: Outbound[] = [];

  beforeEach(async () => {
    connections = 0;
    listener = (_req, res) => res.end('hello');
    server = createServer((req, res) => listener(req, res)).listen(0, '127.0.0.1');
    server.on('connection', () => {
      connections += 1;
    });
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(async () => {
    await Promise.all(made.splice(0).map((one) => one.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function client(settings: Partial<OutboundSettings> = {}): Outbound {
    const one = outbound({ allow: [], timeoutMs: 2000, maxBytes: 1000, ...settings });
    made.push(one);
    return one;
  }

  async function reasonOf(attempt: Promise<unknown>): Promise<string> {
    const error = await attempt.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(OutboundError);
    return (error as OutboundError).reason;
  }

  /** A resolver for names that do not exist. */
  const resolving = (...addresses: string[]) =>
    ((_name: string, _options: unknown, callback: (error: null, found: object[]) => void) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as unknown as typeof systemLookup;

  for (const [name, url] of [
    ['a loopback literal', 'https://127.0.0.1:PORT/'],
    ['a shortened literal', 'https://127.1:PORT/'],
    ['a decimal literal', 'https://2130706433:PORT/'],
    ['an IPv6 literal', 'https://[::1]:PORT/'],
    ['a mapped literal', 'https://[::ffff:127.0.0.1]:PORT/'],
    ['a name that resolves to loopback', 'https://localhost:PORT/'],
    ['a name that resolves to loopback, over http', 'http://localhost:PORT/'],
    ['the metadata service', 'https://169.254.169.254/latest/'],
  ] as const)
    it(`refuses ${name}, and nothing is connected`, async () => {
      expect(await reasonOf(client().fetch(url.replace('PORT', String(port))))).to.equal('address');
      expect(connections).to.equal(0);
    });

  it('refuses a name when one of its addresses is internal', async () => {
    const mixed = client({ lookup: resolving('8.8.8.8', '127.0.0.1') });
    expect(await reasonOf(mixed.fetch(`https://mixed.example:${port}/`))).to.equal('address');
    expect(connections).to.equal(0);
  });

  it('refuses plain http and other schemes', async () => {
    expect(await reasonOf(client().fetch('http://8.8.8.8/'))).to.equal('scheme');
    expect(await reasonOf(client().fetch('ftp://localhost/'))).to.equal('scheme');
    const open = client({ lookup: resolving('8.8.8.8') });
    expect(await reasonOf(open.fetch('http://public.example/'))).to.equal('scheme');
  });

  it('checks a URL by the same rule, and connects to nothing', async () => {
    const inside = resolving('10.1.2.3');
    const outside = resolving('93.184.215.14');
    expect(await reasonOf(client().check(`http://127.0.0.1:${port}/`))).to.equal('address');
    expect(await reasonOf(client().check(`http://[::1]:${port}/`))).to.equal('address');
    expect(await reasonOf(client({ lookup: inside }).check('https://relay.internal/'))).to.equal('address');
    expect(await reasonOf(client({ lookup: inside }).check('http://relay.internal/'))).to.equal('address');
    expect(await reasonOf(client({ lookup: outside }).check('http://gateway.example/'))).to.equal('scheme');
    await client({ lookup: outside }).check('https://gateway.example/');
    await client({ lookup: inside, allow: ['10.1.0.0/16'] }).check('http://relay.internal/');
    await client({ allow: ['localhost'] }).check(`http://localhost:${port}/`);
    expect(connections).to.equal(0);
  });

  it('reaches an allowed name, whatever it resolves to', async () => {
    const named = client({ allow: ['Gateway.internal'], lookup: resolving('127.0.0.1') });
    const response = await named.fetch(`http://gateway.internal:${port}/`);
    expect([response.status, await response.text()]).to.deep.equal([200, 'hello']);
    expect(await reasonOf(named.fetch(`http://other.internal:${port}/`))).to.equal('address');
  });

  it('reaches an allowed network, by literal and by name', async () => {
    const near = client({ allow: ['127.0.0.0/8'], lookup: resolving('127.0.0.1') });
    expect(await (await near.fetch(`http://127.0.0.1:${port}/`)).text()).to.equal('hello');
    expect(await (await near.fetch(`http://any.example:${port}/`)).text()).to.equal('hello');
  });

  it('passes method, headers and body on, as oidc-provider calls it', async () => {
    listener = async (req, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      const { 'content-type': type, 'user-agent': agent } = req.headers;
      res.end(JSON.stringify({ method: req.method, type, agent, body: Buffer.concat(chunks).toString() }));
    };
    const response = await client({ allow: ['127.0.0.0/8'] }).fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: new Headers({ 'user-agent': '' }),
      body: new URLSearchParams({ logout_token: 'a b' }),
      signal: AbortSignal.timeout(2500),
      dispatcher: { dispatch: () => expect.fail('the dispatcher of the caller was used') },
    } as RequestInit);
    expect(await response.json()).to.deep.equal({
      method: 'POST',
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      agent: '',
      body: 'logout_token=a+b',
    });
  });

  for (const status of [301, 302, 303, 307, 308])
    it(`takes a ${status} for a failure and does not follow it`, async () => {
      const asked: string[] = [];
      listener = (req, res) => {
        asked.push(req.url ?? '');
        res.writeHead(status, { location: '/elsewhere' }).end();
      };
      const near = client({ allow: ['127.0.0.0/8'] });
      expect(await reasonOf(near.fetch(`http://127.0.0.1:${port}/`, { redirect: 'follow' }))).to.equal(
        'redirect',
      );
      expect(asked).to.deep.equal(['/']);
    });

  it('gives up on a silent server, and on one that stops in the middle', async () => {
    const near = client({ allow: ['127.0.0.0/8'], timeoutMs: 100 });
    listener = () => undefined;
    expect(await reasonOf(near.fetch(`http://127.0.0.1:${port}/`))).to.equal('timeout');
    listener = (_req, res) => res.write('half');
    expect(await reasonOf(near.fetch(`http://127.0.0.1:${port}/`))).to.equal('timeout');
  });

  it('stops when its caller does', async () => {
    listener = () => undefined;
    const near = client({ allow: ['127.0.0.0/8'] });
    const signal = AbortSignal.timeout(50);
    expect(await reasonOf(near.fetch(`http://127.0.0.1:${port}/`, { signal }))).to.equal('timeout');
  });

  it('bounds the answer, stated, endless or compressed', async () => {
    const near = client({ allow: ['127.0.0.0/8'] });
    for (const answer of [
      (res: Parameters<RequestListener>[1]) => res.end('x'.repeat(1001)),
      (res: Parameters<RequestListener>[1]) => {
        const timer = setInterval(() => res.write('x'.repeat(400)), 5);
        res.once('close', () => clearInterval(timer));
      },
      (res: Parameters<RequestListener>[1]) =>
        res.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(100_000))),
    ]) {
      listener = (_req, res) => void answer(res);
      expect(await reasonOf(near.fetch(`http://127.0.0.1:${port}/`))).to.equal('size');
    }
    listener = (_req, res) => res.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(1000)));
    const response = await near.fetch(`http://127.0.0.1:${port}/`);
    expect([response.headers.get('content-encoding'), (await response.text()).length]).to.deep.equal([
      null,
      1000,
    ]);
  });

  it('says nothing of the URL when it fails', async () => {
    server.closeAllConnections();
    listener = (req) => req.socket.destroy();
    const error = await client({ allow: ['127.0.0.0/8'] })
      .fetch(`http://127.0.0.1:${port}/?key=secret`)
      .then(
        () => undefined,
        (cause: unknown) => cause,
      );
    expect(error).to.be.instanceOf(OutboundError).and.have.property('reason', 'network');
    expect(String(error)).not.to.include('secret');
  });

  it('does not use a proxy of the environment', async () => {
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    try {
      const response = await client({ allow: ['127.0.0.0/8'] }).fetch(`http://127.0.0.1:${port}/`);
      expect(response.status).to.equal(200);
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    }
  });

  it('hands answers without a body on', async () => {
    listener = (_req, res) => res.writeHead(204).end();
    expect((await client({ allow: ['127.0.0.0/8'] }).fetch(`http://127.0.0.1:${port}/`)).status).to.equal(
      204,
    );
  });
});
