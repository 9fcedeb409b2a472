import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { directAnswers } from '../../src/http/direct-answers.ts';
import { logger } from '../../src/http/log.ts';
import { metrics as createMetrics } from '../../src/http/metrics.ts';
import { bodyOf, send, statusOf } from './serve.ts';

const PATH = '/keys';
const ANSWER = {
  body: '{"keys":["ก"]}',
  length: 16,
  type: 'application/json; charset=utf-8',
  cacheControl: 'public, max-age=300',
  etag: '"one"',
};

describe('direct answers', () => {
  const lines: Record<string, unknown>[] = [];
  const metrics = createMetrics({ version: '1.2.3' });
  const server = createServer();
  let port = 0;
  let host = '';

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    host = `localhost:${port}`;
    const otherwise: RequestListener = (_req, res) => res.writeHead(418).end('otherwise');
    const log = logger({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
    const deps = { issuer: `http://${host}`, hstsSubdomains: false, log, trustProxy: 1, metrics };
    const prepared = (path: string) => (path === PATH ? ANSWER : undefined);
    server.on('request', directAnswers({ ...deps, prepared }, otherwise));
  });
  after(() => server.close());

  const ask = (line: string, ...headers: string[]): Promise<string> =>
    send(port, `${line} HTTP/1.1`, `Host: ${host}`, ...headers);

  it('go out whole, once to each request', async () => {
    const answer = await ask(`GET ${PATH}`);
    expect(statusOf(answer)).to.equal(200);
    expect(Buffer.from(bodyOf(answer), 'latin1').toString()).to.equal(ANSWER.body);
    expect(answer).to.include('Vary: Origin').and.include('X-Content-Type-Options: nosniff');
    expect(bodyOf(await ask(`HEAD ${PATH}`))).to.equal('');
    const known = await ask(`GET ${PATH}`, 'If-None-Match: "one"');
    expect(statusOf(known)).to.equal(304);
    expect(known).to.not.match(/^content-(type|length)/im);
  });

  it('leave everything with a meaning of its own to the middleware', async () => {
    const others = [
      ask(`POST ${PATH}`),
      ask(`GET ${PATH}?x`),
      ask(`GET http://${host}${PATH}`),
      ask(`GET ${PATH}`, `Host: ${host}`),
      ask(`GET ${PATH}`, 'Origin: http://localhost:8080'),
      ask(`GET ${PATH}`, 'Authorization: Bearer x'),
      ask(`GET ${PATH}`, 'Content-Length: 0'),
      send(port, `GET ${PATH} HTTP/1.1`, 'Host: evil.example'),
    ];
    for (const answer of await Promise.all(others)) expect(statusOf(answer), answer).to.be.oneOf([400, 418]);
  });

  it('are logged and counted like every request', async () => {
    lines.length = 0;
    metrics.registry.resetMetrics();
    const answer = await ask(`GET ${PATH}`, 'X-Forwarded-For: 192.0.2.77');
    const [requestId] = /[0-9a-f]{32}/.exec(answer) ?? [];
    while (lines.length === 0) await new Promise((resume) => setImmediate(resume));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({
      requestId,
      method: 'GET',
      route: PATH,
      status: 200,
      network: '192.0.2.0/24',
    });
    expect(await metrics.registry.metrics()).to.include(
      `pratu_http_requests_total{method="GET",route="${PATH}",status="200"} 1`,
    );
  });
});
