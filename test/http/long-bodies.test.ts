import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { isLong } from '../../src/http/long-bodies.ts';
import { listen, type RunningServer } from '../../src/http/server.ts';
import { untilClosed } from '../support/raw-exchange.ts';

const LIMIT_MS = 200;
const settings = {
  host: '127.0.0.1',
  port: 0,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: LIMIT_MS,
  keepAliveTimeoutMs: 5000,
  maxConnections: 10,
};

describe('a body that takes long', () => {
  let server: RunningServer;

  before(async () => {
    server = await listen(
      async (req, res) => {
        let bytes = 0;
        for await (const chunk of req) bytes += (chunk as Buffer).length;
        res.end(String(bytes));
      },
      settings,
      { isLong },
    );
  });

  after(() => server.close(0));

  /** Sends single bytes at an interval. Returns the response when the connection ends. */
  async function drip(path: string, bytes: number, everyMs: number): Promise<string> {
    const socket = connect(server.port, '127.0.0.1');
    const received = untilClosed(socket);
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`);
    for (let sent = 0; sent < bytes && !socket.closed; sent += 1) {
      await pause(everyMs);
      socket.write('x');
    }
    return received;
  }

  it('is cut off with 408 when the limit of a request is over', async () => {
    expect(await drip('/customers', 8, LIMIT_MS / 4)).to.match(/^HTTP\/1\.1 408 /);
  });

  it('of an import may go on for as long as something comes', async () => {
    expect(await drip('/admin/v1/accounts/import?dry_run=true', 8, LIMIT_MS / 4)).to.match(/200 OK[\s\S]*8$/);
  });

  it('of an import is cut off when no more bytes arrive', async () => {
    expect(await drip('/admin/v1/accounts/import', 2, LIMIT_MS * 3)).to.match(/^HTTP\/1\.1 408 /);
  });
});
