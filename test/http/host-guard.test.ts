import { expect } from 'chai';
import { hostGuard } from '../../src/http/host-guard.ts';
import { bodyOf, send, serveAll, statusOf, stopAll } from './serve.ts';

describe('host guard', () => {
  afterEach(stopAll);

  const start = (settings: Partial<Parameters<typeof hostGuard>[0]> = {}) =>
    serveAll(
      hostGuard({
        issuer: 'https://id.example',
        hosts: ['id.internal:8443'],
        development: false,
        ...settings,
      }),
      (ctx) => {
        ctx.body = `${ctx.url} ${ctx.originalUrl}`;
      },
    );

  for (const [name, lines, status] of [
    ['the issuer', ['GET /x HTTP/1.1', 'Host: id.example'], 200],
    ['another case', ['GET /x HTTP/1.1', 'Host: ID.Example'], 200],
    ['the default port', ['GET /x HTTP/1.1', 'Host: id.example:443'], 200],
    ['an allowed host', ['GET /x HTTP/1.1', 'Host: id.internal:8443'], 200],
    ['another port', ['GET /x HTTP/1.1', 'Host: id.example:8443'], 421],
    ['the other scheme’s port', ['GET /x HTTP/1.1', 'Host: id.example:80'], 421],
    ['a stranger', ['GET /x HTTP/1.1', 'Host: evil.example'], 421],
    ['a longer name', ['GET /x HTTP/1.1', 'Host: id.example.evil.example'], 421],
    ['user information', ['GET /x HTTP/1.1', 'Host: id.example@evil.example'], 421],
    ['a loopback name in production', ['GET /x HTTP/1.1', 'Host: localhost'], 421],
    ['an empty host', ['GET /x HTTP/1.1', 'Host:'], 421],
    ['no host in HTTP/1.0', ['GET /x HTTP/1.0'], 421],
    ['no host in HTTP/1.1', ['GET /x HTTP/1.1'], 400],
    ['two hosts', ['GET /x HTTP/1.1', 'Host: id.example', 'Host: evil.example'], 421],
    ['two hosts, ours last', ['GET /x HTTP/1.1', 'Host: evil.example', 'Host: id.example'], 421],
    ['the same host twice', ['GET /x HTTP/1.1', 'Host: id.example', 'Host: id.example'], 421],
    ['X-Forwarded-Host', ['GET /x HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: id.example'], 421],
    ['an absolute target of ours', ['GET https://id.example/x HTTP/1.1', 'Host: id.example'], 200],
    ['an absolute target elsewhere', ['GET http://evil.example/x HTTP/1.1', 'Host: id.example'], 421],
    ['an absolute target, Host elsewhere', ['GET http://id.example/x HTTP/1.1', 'Host: evil.example'], 421],
    ['an absolute target with a user', ['GET http://a@id.example/x HTTP/1.1', 'Host: id.example'], 421],
    ['a path that names a host', ['GET //evil.example/x HTTP/1.1', 'Host: id.example'], 404],
    ['a path that names a host to a browser', ['GET /\\evil.example/x HTTP/1.1', 'Host: id.example'], 404],
    [
      'the same in an absolute target',
      ['GET http://id.example//evil.example/x HTTP/1.1', 'Host: id.example'],
      404,
    ],
    ['an asterisk', ['OPTIONS * HTTP/1.1', 'Host: id.example'], 404],
    ['a probe', ['GET /live HTTP/1.1', 'Host: 10.0.0.7:3000'], 200],
    ['a probe with a query', ['GET /ready?x HTTP/1.1', 'Host: 10.0.0.7:3000'], 200],
    ['a scraper', ['GET /metrics HTTP/1.1', 'Host: 10.0.0.7:3000'], 200],
    ['what only begins like a probe', ['GET /live/x HTTP/1.1', 'Host: 10.0.0.7:3000'], 421],
  ] as const)
    it(`${name}: ${status}`, async () => {
      const { port } = await start();
      const answer = await send(port, ...lines);
      expect(statusOf(answer)).to.equal(status);
      if (status === 421) expect(answer).not.to.include('evil');
    });

  for (const [target, reduced] of [
    ['https://id.example/oauth/authorize?a=b%20c&d', '/oauth/authorize?a=b%20c&d'],
    ['http://ID.EXAMPLE:443/x', '/x'],
    ['https://id.example', '/'],
    ['https://id.example?q', '/?q'],
    ['/x/%2e%2e/y?z=//', '/x/%2e%2e/y?z=//'],
  ] as const)
    it(`reduces ${target}`, async () => {
      const { port } = await start();
      const answer = await send(port, `GET ${target} HTTP/1.1`, 'Host: id.example');
      expect(bodyOf(answer)).to.equal(`${reduced} ${reduced}`);
    });

  for (const [host, status] of [
    ['localhost:3000', 200],
    ['LOCALHOST', 200],
    ['127.0.0.1:49152', 200],
    ['[::1]:3000', 200],
    ['localhost.evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost:3000@evil.example', 421],
    ['192.168.1.5:3000', 421],
  ] as const)
    it(`development answers ${host} with ${status}`, async () => {
      const { port } = await start({ issuer: 'http://localhost:3000', hosts: [], development: true });
      expect(statusOf(await send(port, 'GET /x HTTP/1.1', `Host: ${host}`))).to.equal(status);
    });
});
