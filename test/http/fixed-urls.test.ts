import { expect } from 'chai';
import Koa from 'koa';
import Provider from 'oidc-provider';
import { fixUrls } from '../../src/http/fixed-urls.ts';
import { bodyOf, send, serve, stopAll } from './serve.ts';

const FORGED = [
  'Host: evil.example',
  'Origin: https://evil.example',
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-Proto: http',
  'Forwarded: host=evil.example;proto=http',
];

describe('fixed URLs', () => {
  afterEach(stopAll);

  const start = () => {
    const app = new Koa({ proxy: true });
    fixUrls(app.request, 'https://id.example:8443');
    app.use((ctx) => {
      const { origin, protocol, secure, host, hostname, href, URL } = ctx;
      ctx.body = { origin, protocol, secure, host, hostname, href, URL: URL.href };
    });
    return serve(app);
  };

  const FIXED = {
    origin: 'https://id.example:8443',
    protocol: 'https',
    secure: true,
    host: 'id.example:8443',
    hostname: 'id.example',
  };

  for (const [target, href] of [
    ['/a/b?c=d', 'https://id.example:8443/a/b?c=d'],
    ['//evil.example/x', 'https://id.example:8443//evil.example/x'],
    ['http://evil.example/x', 'https://id.example:8443/'],
  ] as const)
    it(`come from the issuer for ${target}`, async () => {
      const { port } = await start();
      const answer = await send(port, `GET ${target} HTTP/1.1`, ...FORGED);
      expect(JSON.parse(bodyOf(answer))).to.deep.equal({ ...FIXED, href, URL: href });
    });

  it('leave other applications alone', async () => {
    await start();
    const other = new Koa().use((ctx) => {
      ctx.body = ctx.host;
    });
    const { port, url } = await serve(other);
    expect(await (await fetch(url)).text()).to.equal(`127.0.0.1:${port}`);
  });

  it('hold for oidc-provider', async () => {
    const provider = new Provider('https://id.example', { clients: [] });
    fixUrls(provider.request, 'https://id.example');
    const { port } = await serve(provider);
    const answer = await send(port, 'GET /.well-known/openid-configuration HTTP/1.1', ...FORGED);
    const metadata = JSON.parse(bodyOf(answer));
    expect(metadata.authorization_endpoint).to.equal('https://id.example/auth');
    expect(bodyOf(answer)).not.to.include('evil');
  });
});
