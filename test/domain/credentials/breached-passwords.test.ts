import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import {
  BREACH_CHECK_BYTES,
  BREACH_CHECK_MS,
  breachedPasswords,
} from '../../../src/domain/credentials/breached-passwords.ts';
import { outbound } from '../../../src/lib/outbound.ts';
import { atEnd } from '../../support/at-end.ts';

/** SHA-1 of `password`: 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8. */
const SUFFIX = '1E4C9B93F3F0682250B6CF8331B7EE68FD8';
const OTHER = 'A'.repeat(35);

describe('breached passwords', () => {
  const failures: string[] = [];
  const paths: string[] = [];
  const headers: unknown[] = [];
  let answer: RequestListener;
  let url: string;
  const calls = outbound({
    allow: ['127.0.0.0/8'],
    timeoutMs: BREACH_CHECK_MS,
    maxBytes: BREACH_CHECK_BYTES,
  });
  const isBreached = (password: string): Promise<boolean> =>
    breachedPasswords({ url, fetch: calls.fetch, onFailed: (reason) => failures.push(reason) })(password);

  before(async () => {
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      headers.push(request.headers['add-padding']);
      answer(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    atEnd(async () => {
      await calls.close();
      server.closeAllConnections();
      server.close();
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    for (const list of [failures, paths, headers]) list.length = 0;
  });

  const lines =
    (...text: string[]): RequestListener =>
    (_request, response) =>
      response.end(text.join('\r\n'));

  it('are found by their hash, of which five digits are sent', async () => {
    answer = lines(`${OTHER}:3`, `${SUFFIX}:9659365`);
    expect(await isBreached('password')).to.equal(true);
    expect(paths).to.deep.equal(['/range/5BAA6']);
    expect(headers).to.deep.equal(['true']);
    expect(failures).to.deep.equal([]);
  });

  it('are not those that the range does not have, nor lines of padding', async () => {
    for (const text of [[`${OTHER}:3`], [`${SUFFIX}:0`, `${OTHER}:1`]]) {
      answer = lines(...text);
      expect(await isBreached('password')).to.equal(false);
    }
    expect(failures).to.deep.equal([]);
  });

  const failing: [string, RequestListener, string][] = [
    ['is down', (_request, response) => response.writeHead(500).end(`${SUFFIX}:1`), 'response'],
    ['redirects', (_request, response) => response.writeHead(302, { location: '/' }).end(), 'redirect'],
    ['answers nonsense', lines('<html>', `${SUFFIX}:1`), 'response'],
    ['answers nothing', lines(''), 'response'],
    ['hangs', () => {}, 'timeout'],
    [
      'is slow',
      (_request, response) => void setTimeout(() => response.end(`${SUFFIX}:1`), 3 * BREACH_CHECK_MS).unref(),
      'timeout',
    ],
    ['is huge', (_request, response) => response.end(`${OTHER}:1\r\n`.repeat(10_000)), 'size'],
    ['goes away', (request) => void request.socket.destroy(), 'network'],
  ];
  for (const [what, listener, reason] of failing)
    it(`are nobody’s when the service ${what}`, async () => {
      answer = listener;
      const started = performance.now();
      expect(await isBreached('password')).to.equal(false);
      expect(performance.now() - started).to.be.below(2.5 * BREACH_CHECK_MS);
      expect(failures).to.deep.equal([reason]);
    });
});
