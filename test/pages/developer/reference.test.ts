import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import Koa from 'koa';
import { referencePages } from '../../../src/pages/developer/reference.ts';

const ISSUER = 'https://auth.example';
const ASSET = /(?:src|href)="(\/docs\/assets\/[^"]+)"/g;

describe('the reference', () => {
  let server: Server;
  let folder: string;
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reference-'));
    for (const name of ['second', 'first'])
      writeFileSync(
        join(folder, `${name}.yaml`),
        `openapi: 3.1.0\ninfo: { title: The ${name} & only }\npaths: {}`,
      );
    writeFileSync(join(folder, 'README.md'), 'Not a document.');
    const two = referencePages({ issuer: ISSUER, folder: pathToFileURL(`${folder}/`) });
    const app = new Koa();
    app.use((ctx, next) => (ctx.get('X-Two') ? two(ctx, next) : next()));
    app.use(referencePages({ issuer: ISSUER }));
    app.use((ctx) => {
      ctx.body = 'next';
    });
    server = createServer(app.callback()).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('gives programs the document of this server, for five minutes', async () => {
    const answer = await ask('/openapi/customers.json');
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=300');
    const document = (await answer.json()) as { openapi: string; servers: object[]; paths: object };
    expect(document.openapi).to.equal('3.1.0');
    expect(document.servers).to.deep.equal([{ url: ISSUER }]);
    expect(document.paths).to.include.keys('/customers/register', '/public/titles/{id}');
  });

  it('shows a page that loads only files of this server, and runs nothing inline', async () => {
    const answer = await ask('/docs');
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).to.include("default-src 'none'").and.to.include("script-src 'self'");
    expect(policy).to.not.include('unsafe');
    const page = await answer.text();
    expect(page).to.include('data-document="/openapi/customers.json"');
    expect(page).to.not.match(/https?:|<script(?! src=")|<style| style=| on\w+=/);
    expect([...page.matchAll(ASSET)]).to.have.lengthOf(4);
  });

  it('serves the files of the page for good, under names that have their hash', async () => {
    const page = await (await ask('/docs')).text();
    for (const [, path = ''] of page.matchAll(ASSET)) {
      expect(path).to.match(/^\/docs\/assets\/[a-z-]+\.[0-9a-f]{12}\.(js|css)$/);
      const answer = await ask(path);
      expect(answer.status, path).to.equal(200);
      expect(answer.headers.get('content-type')).to.match(
        path.endsWith('.js') ? /^text\/javascript/ : /^text\/css/,
      );
      expect(answer.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect((await answer.text()).length, path).to.be.above(100);
    }
  });

  it('switches between several documents', async () => {
    const headers = { 'X-Two': '1' };
    const first = await (await ask('/docs', { headers })).text();
    expect(first).to.include('<a href="/docs?api=first" aria-current="page">The first &amp; only</a>');
    expect(first).to.include('<a href="/docs?api=second">The second &amp; only</a>');
    const second = await (await ask('/docs?api=second', { headers })).text();
    expect(second).to.include('<a href="/docs?api=second" aria-current="page">');
    expect(second).to.include('data-document="/openapi/second.json"');
  });

  it('answers HEAD without a body', async () => {
    const answer = await ask('/openapi/customers.json', { method: 'HEAD' });
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.equal('');
  });

  for (const path of [
    '/docs?api=nothing',
    '/docs?api=constructor',
    '/docs?api=customers&api=customers',
    '/docs/assets/swagger-ui.css',
    '/docs/assets/..%2fpackage.json',
    '/openapi/customers.yaml',
    '/openapi/customers',
    '/openapi/README.md',
    '/openapi/..%2fpackage.json',
  ]) {
    it(`has nothing at ${path}`, async () => expect((await ask(path)).status).to.equal(404));
  }

  it('leaves other paths and methods to the next middleware', async () => {
    for (const [path, method] of [
      ['/docs/', 'GET'],
      ['/Docs', 'GET'],
      ['/openapi', 'GET'],
      ['/docs', 'POST'],
    ] as const)
      expect(await (await ask(path, { method })).text(), path).to.equal('next');
  });
});
