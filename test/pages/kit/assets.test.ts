import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import Koa from 'koa';
import { assets } from '../../../src/pages/kit/assets.ts';

describe('assets', () => {
  const kept = assets({ pages: { accentColour: '#123456', cornerRadius: 10 } });
  let server: Server;
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);

  before(async () => {
    const app = new Koa();
    app.use(kept.serve);
    app.use((ctx) => {
      ctx.body = 'next';
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  after(() => server.close());

  it('keep the script of passkeys below 3 KB', () => {
    expect(kept.size(kept.url('passkey.js'))).to.be.within(1000, 3000);
  });

  for (const [name, type] of [
    ['pratu.css', 'text/css; charset=utf-8'],
    ['theme.css', 'text/css; charset=utf-8'],
    ['pratu.js', 'text/javascript; charset=utf-8'],
    ['fields.js', 'text/javascript; charset=utf-8'],
    ['passkey.js', 'text/javascript; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ] as const) {
    it(`serves ${name} for good, under a name that has its hash`, async () => {
      const [stem, extension] = name.split('.');
      expect(kept.url(name)).to.match(new RegExp(`^/assets/${stem}\\.[0-9a-f]{12}\\.${extension}$`));
      const answer = await ask(kept.url(name));
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.equal(type);
      expect(answer.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(await answer.text()).to.have.length.above(100);
    });
  }

  it('puts the configured colour in the theme and the icon, and in their names', async () => {
    const other = assets({ pages: { accentColour: '#654321', cornerRadius: 10 } });
    for (const name of ['theme.css', 'icon.svg'] as const) {
      expect(await (await ask(kept.url(name))).text()).to.include('#123456');
      expect(other.url(name)).to.not.equal(kept.url(name));
    }
    expect(other.url('pratu.css')).to.equal(kept.url('pratu.css'));
  });

  it('answers HEAD without a body', async () => {
    const answer = await ask(kept.url('pratu.css'), { method: 'HEAD' });
    expect(answer.status).to.equal(200);
    expect(Number(answer.headers.get('content-length'))).to.be.above(1000);
    expect(await answer.text()).to.equal('');
  });

  it('answers /favicon.ico with the icon, for a day', async () => {
    const answer = await ask('/favicon.ico');
    expect(answer.headers.get('content-type')).to.equal('image/svg+xml');
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=86400');
    expect(await answer.text()).to.match(/^<svg/);
  });

  it('has nothing else under /assets/', async () => {
    for (const path of [
      '/assets/',
      '/assets/pratu.css',
      '/assets/..%2fwords%2fth.json',
      '/assets/toString',
    ]) {
      expect((await ask(path)).status, path).to.equal(404);
    }
  });

  it('refuses other methods', async () => {
    const answer = await ask(kept.url('pratu.css'), { method: 'POST' });
    expect(answer.status).to.equal(405);
    expect(answer.headers.get('allow')).to.equal('GET, HEAD');
  });

  it('leaves other paths to the next middleware', async () => {
    expect(await (await ask('/assetsx')).text()).to.equal('next');
  });
});
