import { expect } from 'chai';
import { AppError } from '../../src/errors/app-error.ts';
import { pageHeaders, securityHeaders } from '../../src/http/security-headers.ts';
import { serveAll, stopAll } from './serve.ts';

describe('security headers', () => {
  afterEach(stopAll);

  const headersFor = async (issuer: string, path = '/', hstsSubdomains = true) => {
    const { url } = await serveAll(securityHeaders({ issuer, hstsSubdomains }), (ctx) => {
      if (ctx.path === '/page') pageHeaders(ctx);
      if (ctx.path === '/keys') ctx.set('Cache-Control', 'public, max-age=300');
      if (ctx.path === '/failure') throw new AppError('BAD_REQUEST');
      ctx.body = 'x';
    });
    return (await fetch(url + path)).headers;
  };

  for (const path of ['/', '/failure'])
    it(`are on ${path}`, async () => {
      const headers = await headersFor('https://id.example', path);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
      expect(headers.get('strict-transport-security')).to.equal('max-age=31536000; includeSubDomains');
      expect(headers.get('content-security-policy')).to.equal(null);
    });

  it('ask nothing of other names where the operator says so', async () => {
    const headers = await headersFor('https://id.example', '/', false);
    expect(headers.get('strict-transport-security')).to.equal('max-age=31536000');
  });

  it('have no HSTS without https', async () => {
    expect((await headersFor('http://localhost:3000')).get('strict-transport-security')).to.equal(null);
  });

  it('let a handler make its answer cacheable', async () => {
    expect((await headersFor('https://id.example', '/keys')).get('cache-control')).to.equal(
      'public, max-age=300',
    );
  });

  it('of a page keep it out of frames and let nothing inline run', async () => {
    const headers = await headersFor('https://id.example', '/page');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).to.include("default-src 'none'").and.include("frame-ancestors 'none'");
    expect(policy)
      .to.match(/script-src 'self'(;|$)/)
      .and.match(/style-src 'self'(;|$)/);
    expect(policy).not.to.match(/unsafe|form-action/);
    expect(headers.get('x-frame-options')).to.equal('DENY');
    expect(headers.get('cross-origin-opener-policy')).to.equal('same-origin');
    expect(headers.get('cross-origin-resource-policy')).to.equal('same-origin');
  });
});
