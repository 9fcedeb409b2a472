import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { listen, type RunningServer, type ServerSettings } from '../../src/http/server.ts';
import { bothEnds } from '../support/both-ends.ts';
import { eventually } from '../support/eventually.ts';
import { endOf, exchange } from '../support/raw-exchange.ts';
import { statusOf } from './serve.ts';

const SETTINGS: ServerSettings = {
  host: '127.0.0.1',
  port: 0,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
  maxConnections: 100,
};

/** A drain time that is longer than a test may take. */
const LONG_MS = 60_000;

describe('server', () => {
  let server: RunningServer | undefined;
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server?.close(0);
    server = undefined;
  });

  async function start(listener: RequestListener, settings: Partial<ServerSettings> = {}) {
    server = await listen(listener, { ...SETTINGS, ...settings });
    return server;
  }

  /** Collects the received text. */
  function collecting(socket: Socket) {
    sockets.push(socket);
    const seen = { socket, text: '' };
    socket.on('data', (chunk) => {
      seen.text += chunk;
    });
    socket.on('error', () => socket.destroy());
    return seen;
  }

  async function open(port: number) {
    const seen = collecting(connect(port, '127.0.0.1'));
    await once(seen.socket, 'connect');
    return seen;
  }

  it('serves on the port that it reports', async () => {
    const { port } = await start((_req, res) => res.end('hello'));
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).to.equal('hello');
  });

  it('rejects when the port is taken', async () => {
    const { port } = await start((_req, res) => res.end());
    const error = await listen((_req, res) => void res.end(), { ...SETTINGS, port }).catch(
      (cause: unknown) => cause,
    );
    expect(error).to.have.property('code', 'EADDRINUSE');
  });

  for (const [name, bytes, status] of [
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['a broken header', 'GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n', 400],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers over 16 KiB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ] as const)
    it(`answers ${name} with ${status} and no detail`, async () => {
      const { port } = await start((_req, res) => res.end('served'));
      const answer = await exchange(port, bytes);
      expect(statusOf(answer)).to.equal(status);
      expect(answer).to.match(/\r\nConnection: close\r\nContent-Length: 0\r\n\r\n$/);
    });

  it('accepts no more connections than configured', async () => {
    const { port } = await start((_req, res) => res.end(), { maxConnections: 1 });
    await open(port);
    const second = await open(port);
    await endOf(second.socket);
    expect(second.text).to.equal('');
  });

  describe('closing', () => {
    it('lets a request in flight finish, says close, and accepts nobody', async () => {
      const arrived = Promise.withResolvers<ServerResponse>();
      const { port, close } = await start((_req, res) => arrived.resolve(res));
      const inFlight = await open(port);
      inFlight.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      const response = await arrived.promise;
      const closed = close(LONG_MS);
      // connections that were being established are still accepted
      await eventually(async () => {
        const code = await open(port).then(
          () => 'accepted',
          (error: NodeJS.ErrnoException) => error.code,
        );
        expect(code).to.equal('ECONNREFUSED');
      });
      response.end('done');
      await Promise.all([closed, endOf(inFlight.socket)]);
      expect(inFlight.text)
        .to.match(/^HTTP\/1\.1 200/)
        .and.match(/connection: close/i)
        .and.include('done');
    });

    it('answers a request that comes on an idle connection, and closes it', async () => {
      const { port, close } = await start((_req, res) => res.end('done'));
      const kept = await open(port);
      kept.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(kept.socket, 'data');
      kept.text = '';
      const closed = close(5000);
      kept.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await Promise.all([closed, endOf(kept.socket)]);
      expect(kept.text)
        .to.match(/^HTTP\/1\.1 200/)
        .and.match(/connection: close/i)
        .and.include('done');
    });

    it('closes idle connections soon', async () => {
      const { port, close } = await start((_req, res) => res.end('done'));
      const idle = await open(port);
      idle.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(idle.socket, 'data');
      await close(LONG_MS);
    });

    it('closes a connection whose answer had begun once it has ended', async () => {
      let finish: () => void = () => undefined;
      const { port, close } = await start((_req, res) => {
        res.write('half');
        finish = () => res.end('whole');
      });
      const streaming = await open(port);
      streaming.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(streaming.socket, 'data');
      const closed = close(LONG_MS);
      setImmediate(() => finish());
      await Promise.all([closed, endOf(streaming.socket)]);
      expect(streaming.text).to.include('whole');
    });

    it('cuts what takes longer than the drain time', async () => {
      const arrived = Promise.withResolvers<void>();
      const { port, close } = await start(() => arrived.resolve());
      const hanging = await open(port);
      hanging.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await arrived.promise;
      const started = performance.now();
      await close(100);
      expect(performance.now() - started).to.be.at.least(90);
      expect(hanging.text).to.equal('');
    });

    it('sends an answer to its end, however slowly it is read', async () => {
      const size = 20_000_000;
      const arrived = Promise.withResolvers<void>();
      const { port, close } = await start((_req, res) => {
        res.end(Buffer.alloc(size));
        arrived.resolve();
      });
      const slow = await open(port);
      slow.socket.pause();
      slow.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await arrived.promise;
      const closed = close(LONG_MS);
      await wait(100);
      slow.socket.resume();
      await Promise.all([closed, endOf(slow.socket)]);
      expect(slow.socket.bytesRead).to.be.above(size);
    });

    it('serves a request whose head is still on its way', async () => {
      const { port, close } = await start((_req, res) => res.end('done'));
      const { client, server: served } = await bothEnds(port);
      const late = collecting(client);
      late.socket.write('GET / HTTP/1.1\r\n');
      await eventually(async () => expect(served.bytesRead).to.be.above(0));
      const closed = close(LONG_MS);
      late.socket.write('Host: x\r\n\r\n');
      await Promise.all([closed, endOf(late.socket)]);
      expect(late.text)
        .to.match(/connection: close/i)
        .and.include('done');
    });

    it('does not wait for a connection on which nothing was sent', async () => {
      const { port, close } = await start((_req, res) => res.end());
      collecting((await bothEnds(port)).client);
      await close(LONG_MS);
    });
  });
});
