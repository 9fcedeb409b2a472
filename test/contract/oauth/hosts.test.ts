import { expect } from 'chai';
import { exchange } from '../../support/raw-exchange.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const EVIL = 'evil.example';
const DISCOVERY = '/.well-known/openid-configuration';
const AUTHORIZE = `/oauth/authorize?${new URLSearchParams({
  client_id: 'client',
  response_type: 'code',
  redirect_uri: 'http://localhost:8080/cb',
  scope: 'openid',
})}`;

describe('the host of a request', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  /** Sends the exact bytes of a request head, which `fetch` would correct. */
  function send(target: string, headers: Record<string, string>): Promise<string> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const port = Number(new URL(server.url).port);
    return exchange(port, `GET ${target} HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`);
  }

  const host = (): string => new URL(server.url).host;
  const forwarded = {
    'X-Forwarded-Host': EVIL,
    'X-Forwarded-Proto': 'https',
    Forwarded: `host=${EVIL};proto=https`,
    'X-Forwarded-Prefix': '/evil',
    'X-Original-URL': `https://${EVIL}/`,
  };

  for (const [name, value] of Object.entries(forwarded)) {
    it(`is not what ${name} says`, async () => {
      const discovery = await send(DISCOVERY, { Host: host(), [name]: value });
      expect(discovery).to.match(/^HTTP\/1.1 200 /);
      expect(discovery).to.include(`"issuer":"${server.url}"`).and.not.include('evil');
      const redirect = await send(AUTHORIZE, { Host: host(), [name]: value });
      expect(redirect).to.match(/^HTTP\/1.1 30[23] /);
      expect(redirect).to.not.include('evil').and.not.include('https://');
    });
  }

  for (const target of [DISCOVERY, AUTHORIZE]) {
    it(`is refused when it is not ours: ${target.slice(0, 20)}`, async () => {
      expect(await send(target, { Host: EVIL })).to.match(/^HTTP\/1.1 421 /);
      expect(await send(`http://${EVIL}${target}`, { Host: host() })).to.match(/^HTTP\/1.1 421 /);
    });
  }

  it('may stand in the target when it is ours, and changes nothing', async () => {
    const answer = await send(server.url + DISCOVERY, { Host: host() });
    expect(answer).to.match(/^HTTP\/1.1 200 /);
    expect(answer).to.include(`"issuer":"${server.url}"`);
  });

  it('cannot be changed by a path that looks like a host', async () => {
    for (const target of [`//${EVIL}/`, `/\\${EVIL}/`, `//${EVIL}${DISCOVERY}`]) {
      const answer = await send(target, { Host: host() });
      expect(answer).to.match(/^HTTP\/1.1 40[04] /);
      expect(answer).to.not.match(/^location:/im);
    }
  });
});
