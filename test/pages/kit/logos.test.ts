import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { trustLocalhost } from '../../support/certificate.ts';
import { createClient } from '../../support/clients.ts';
import { type LocalServer, localServer } from '../../support/local-server.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce } from '../../support/sign-in.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('logos on pages', () => {
  let server: TestServer;
  let host: LocalServer;
  let distrust: () => void;

  before(async () => {
    distrust = trustLocalhost();
    server = await startServer();
    host = await localServer((path) => (path.startsWith('/logo') ? SVG : undefined), {
      secure: true,
      type: 'image/svg+xml',
    });
  });
  after(async () => {
    distrust();
    await server.stop();
  });

  /** The sources of all images on the login page of a client with this logo. */
  async function picturesFor(logo_uri: string): Promise<{ sources: string[]; policy: string }> {
    const client = await createClient(server, { logo_uri, token_endpoint_auth_method: 'none' });
    const request = authorizationUrl(server.url, pkce().challenge, { client_id: client.id });
    const answer = await new BrowserAgent().follow(request);
    const page = await answer.text();
    expect(page).to.include('name="password"');
    return {
      sources: [...page.matchAll(/<img src="([^"]+)"/g)].map(([, source = '']) => source),
      policy: answer.headers.get('content-security-policy') ?? '',
    };
  }

  it('come from this server, which fetches them, and from no other', async () => {
    const before = host.received.length;
    const { sources, policy } = await picturesFor(`${host.url}/logo.svg?a=1`);
    expect(policy).to.include("img-src 'self' data:;");
    expect(sources).to.have.lengthOf(1);
    const [source = ''] = sources;
    expect(source).to.match(/^\/logos\/[\w-]+\.[\w-]{43}$/);
    expect(host.received).to.have.lengthOf(before);

    const picture = await fetch(server.url + source, {
      headers: { cookie: 'secret=1', referer: server.url },
    });
    expect(picture.status).to.equal(200);
    expect(Object.fromEntries(picture.headers)).to.include({
      'content-type': 'image/svg+xml',
      'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600',
    });
    expect(await picture.text()).to.equal(SVG);
    const asked = host.received.at(-1);
    expect(asked?.path).to.equal('/logo.svg?a=1');
    expect(asked?.headers).not.to.have.any.keys('cookie', 'referer', 'x-forwarded-for');
  });

  it('are 404 when they cannot be fetched, or come from an address of an internal network', async () => {
    for (const uri of [
      `${host.url}/missing.svg`,
      'https://10.1.2.3/logo.png',
      'https://169.254.169.254/logo.png',
    ]) {
      const { sources } = await picturesFor(uri);
      expect((await fetch(server.url + sources[0])).status, uri).to.equal(404);
    }
  });

  it('are not fetched for a made-up name', async () => {
    const before = host.received.length;
    const { sources } = await picturesFor(`${host.url}/logo-of-another.svg`);
    const proof = sources[0]?.split('.').at(-1);
    const forged = Buffer.from(`${host.url}/logo-forged.svg`).toString('base64url');
    for (const name of [`${forged}.${proof}`, forged, `${forged}.`, '.', 'x']) {
      expect((await fetch(`${server.url}/logos/${name}`)).status, name).to.equal(404);
    }
    expect(host.received).to.have.lengthOf(before);
  });
});
