import { expect } from 'chai';
import { AppError } from '../../../src/errors/app-error.ts';
import { exchange } from '../../support/raw-exchange.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { call, clientToken } from './admin-client.ts';

const PROBLEM = 'application/problem+json';

describe('failures of the Admin API that are no failures of an operation', () => {
  let server: TestServer;
  let token: string;

  before(async () => {
    server = await startServer();
    token = await clientToken(server, 'admin:webhooks:write admin:audit:read admin:clients:write');
  });

  after(() => server.stop());

  // the error boundary, which logs them, adds the second after which to retry
  for (const [what, thrown, status, retryAfter] of [
    ['an outage', new AppError('UNAVAILABLE'), 503, '1'],
    ['an outage of known length', new AppError('UNAVAILABLE', { retryAfter: 2.2 }), 503, '3'],
    ['an unexpected error', new Error('select * from accounts'), 500, null],
  ] as const)
    it(`are problems, and pass the error boundary: ${what}`, async () => {
      const { webhooks } = server.domain;
      const { list } = webhooks;
      webhooks.list = () => Promise.reject(thrown);
      try {
        const answer = await call(server, token, ['GET', '/webhooks']);
        expect(answer).to.include({ status, type: PROBLEM });
        expect(answer.headers.get('retry-after')).to.equal(retryAfter);
        expect(answer.body).to.include({ status, code: status === 503 ? 'UNAVAILABLE' : 'INTERNAL' });
        expect(JSON.stringify(answer.body)).to.not.include('accounts');
      } finally {
        webhooks.list = list;
      }
    });

  for (const [what, { path = '/admin/v1/webhooks', host, length = 0 }, code] of [
    ['an unknown path', { path: '/admin/v1/nothing' }, 'NOT_FOUND'],
    ['a body that is too large', { length: 10_000_000 }, 'BODY_TOO_LARGE'],
    ['another host', { host: 'evil.example' }, 'MISDIRECTED'],
  ] as [string, { path?: string; host?: string; length?: number }, string][])
    it(`are problems before an operation is known: ${what}`, async () => {
      const own = host ?? new URL(server.url).host;
      const lines = [
        `POST ${path} HTTP/1.1`,
        `Host: ${own}`,
        'Connection: close',
        `Content-Length: ${length}`,
      ];
      const answer = await exchange(Number(new URL(server.url).port), `${lines.join('\r\n')}\r\n\r\n`);
      expect(answer).to.match(/content-type: application\/problem\+json/i);
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).to.include({ code, type: 'about:blank' });
    });

  for (const time of ['2026-01-01T00:00:00%2B07', '2016-12-31T23:59:60Z'])
    it(`are not caused by a time that the contract accepts: ${time}`, async () => {
      const answer = await call(server, token, ['GET', `/audit?since=${time}`]);
      expect(answer.status).to.equal(400);
      expect(answer.body.errors).to.deep.include({
        pointer: '/since',
        code: 'BAD_REQUEST',
        detail: answer.body.detail,
      });
    });

  it('are not caused by a body of null', async () => {
    const options = { body: null };
    for (const path of ['/clients/service/rotate-secret', '/webhooks'])
      expect((await call(server, token, ['POST', path], options)).status, path).to.equal(400);
  });
});
