import { X509Certificate } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import Koa from 'koa';
import {
  type ClientCertificateSettings,
  callersThumbprint,
  clientCertificates,
} from '../../src/http/client-certificate.ts';
import { CERTIFICATES } from '../support/client-certificates.ts';

const PEM = CERTIFICATES.client.cert;
const ESCAPED = encodeURIComponent(PEM);
const { serialNumber } = new X509Certificate(PEM);
const LOCAL = ['127.0.0.1/32', '::1/128'];

type Headers = Record<string, string | string[]>;

/** The certificate that a server with these settings reads from the headers of a request. */
async function seen(settings: Partial<ClientCertificateSettings>, headers: Headers) {
  const app = new Koa();
  app.use(clientCertificates({ header: 'nginx', proxies: LOCAL, envoyVerifies: false, ...settings }));
  app.use((ctx) => {
    const { certificate, isVerified } = ctx.state.clientCertificate ?? {};
    ctx.body = {
      serial: certificate?.serialNumber,
      isVerified,
      thumbprint: callersThumbprint(ctx),
      left: Object.keys({ ...ctx.req.headers, ...ctx.req.headersDistinct }).filter((name) =>
        /cert|ssl/.test(name),
      ),
    };
  });
  const server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const body = await new Promise<string>((resolve, reject) => {
    request({ port, host: '127.0.0.1', headers }, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
  server.close();
  return JSON.parse(body) as { serial?: string; isVerified?: boolean; thumbprint?: string; left: string[] };
}

const NOTHING = { left: [] };

describe('the certificate of a client', () => {
  it('comes from nginx with what it verified', async () => {
    for (const [verify, isVerified] of [
      ['SUCCESS', true],
      ['FAILED:self-signed certificate', false],
      ['NONE', false],
      ['success', false],
    ] as const) {
      const headers = { 'X-SSL-Client-Cert': ESCAPED, 'X-SSL-Client-Verify': verify };
      const shown = await seen({}, headers);
      expect(shown).to.include({ serial: serialNumber, isVerified });
      expect(shown.thumbprint).to.match(/^[\w-]{43}$/);
      expect(shown.left).to.deep.equal([]);
    }
  });

  it('comes from Envoy, which verified it or not as the setting says', async () => {
    const header = `By=spiffe://a/b;Hash=468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688;Cert="${ESCAPED}";Subject="CN=\\"x;y\\", O=z";URI=https://client.example/id`;
    for (const envoyVerifies of [true, false]) {
      const shown = await seen({ header: 'envoy', envoyVerifies }, { 'X-Forwarded-Client-Cert': header });
      expect(shown).to.include({ serial: serialNumber, isVerified: envoyVerifies });
      expect(shown.left).to.deep.equal([]);
    }
  });

  it('is not taken from Envoy where another proxy may have added one', async () => {
    const one = `Cert="${ESCAPED}"`;
    for (const value of [
      `${one},By=x;Hash=y`,
      `By=x,${one}`,
      `${one};${one}`,
      [one, one],
      'Hash=abc',
      one.slice(0, -1),
    ])
      expect(await seen({ header: 'envoy' }, { 'X-Forwarded-Client-Cert': value })).to.deep.equal(NOTHING);
  });

  it('is accepted from the proxies only; the headers of others are removed', async () => {
    const headers = {
      'X-SSL-Client-Cert': ESCAPED,
      'X-SSL-Client-Verify': 'SUCCESS',
      'X-Forwarded-Client-Cert': `Cert="${ESCAPED}"`,
    };
    for (const settings of [
      { proxies: ['10.0.0.0/8'] },
      { proxies: ['10.0.0.0/8'], header: 'envoy' },
      { header: 'off' },
      { header: 'off', proxies: LOCAL },
    ] as const)
      expect(await seen(settings, headers)).to.deep.equal(NOTHING);
  });

  it('is ignored in the header of another kind of proxy, twice, or unreadable', async () => {
    expect(await seen({}, { 'X-Forwarded-Client-Cert': `Cert="${ESCAPED}"` })).to.deep.equal(NOTHING);
    expect(await seen({ header: 'envoy' }, { 'X-SSL-Client-Cert': ESCAPED })).to.deep.equal(NOTHING);
    for (const value of [[ESCAPED, ESCAPED], '', 'x', '%', encodeURIComponent(PEM.slice(0, 200))])
      expect(await seen({}, { 'X-SSL-Client-Cert': value })).to.deep.equal(NOTHING);
  });
});
