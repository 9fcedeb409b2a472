import { expect } from 'chai';
import { AppError } from '../../src/errors/app-error.ts';
import { type CorsSettings, cors } from '../../src/http/cors.ts';
import { serveAll, stopAll } from './serve.ts';

describe('CORS', () => {
  afterEach(stopAll);

  const start = async (
    allowed: CorsSettings['allowed'] = async (origin) => origin === 'https://app.example',
  ) => {
    const { url } = await serveAll(cors({ allowed, paths: ['/oauth/token'] }), (ctx) => {
      if (ctx.query.fail) throw new AppError('INVALID_TOKEN');
      ctx.body = 'ok';
    });
    return (path: string, origin?: string, init: RequestInit = {}) =>
      fetch(url + path, { ...init, headers: { ...init.headers, ...(origin && { Origin: origin }) } });
  };
  const preflight = {
    method: 'OPTIONS',
    headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' },
  };
  const allowHeaders = ({ headers }: Response) =>
    [...headers.keys()].filter((name) => name.startsWith('access-'));

  it('echoes an allowed origin, on failures too, and never lets cookies in', async () => {
    const call = await start();
    for (const path of ['/oauth/token', '/oauth/token?fail=1']) {
      const response = await call(path, 'https://app.example');
      expect(response.headers.get('access-control-allow-origin')).to.equal('https://app.example');
      expect(response.headers.get('vary')).to.equal('Origin');
      expect(response.headers.has('access-control-allow-credentials')).to.equal(false);
    }
  });

  for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example', undefined])
    it(`tells ${origin} nothing, and caches to keep it apart`, async () => {
      const response = await (await start())('/oauth/token', origin);
      expect(response.status).to.equal(200);
      expect(allowHeaders(response)).to.deep.equal([]);
      expect(response.headers.get('vary')).to.equal('Origin');
    });

  it('does not ask about null', async () => {
    const call = await start(() => true);
    expect(allowHeaders(await call('/oauth/token', 'null'))).to.deep.equal([]);
  });

  it('answers a preflight', async () => {
    const response = await (await start())('/oauth/token', 'https://app.example', preflight);
    expect(response.status).to.equal(204);
    expect(response.headers.get('access-control-allow-methods')).to.equal('GET, POST');
    expect(response.headers.get('access-control-allow-headers')).to.equal(
      'Authorization, Content-Type, DPoP',
    );
    expect(response.headers.get('access-control-max-age')).to.equal('600');
  });

  it('refuses the preflight of a stranger', async () => {
    const response = await (await start())('/oauth/token', 'https://evil.example', preflight);
    expect([response.status, ...allowHeaders(response)]).to.deep.equal([204]);
  });

  for (const path of ['/', '/oauth/token/', '/oauth/authorize'])
    it(`keeps ${path} closed`, async () => {
      const call = await start();
      for (const init of [{}, preflight])
        expect(allowHeaders(await call(path, 'https://app.example', init))).to.deep.equal([]);
    });

  it('is an outage when origins cannot be read', async () => {
    const call = await start(() => {
      throw new AppError('UNAVAILABLE');
    });
    const response = await call('/oauth/token', 'https://app.example');
    expect([response.status, ...allowHeaders(response)]).to.deep.equal([503]);
  });
});
