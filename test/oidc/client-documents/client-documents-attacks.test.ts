import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { clientDocuments } from '../../../src/oidc/client-documents/client-documents.ts';
import { atEnd } from '../../support/at-end.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { LOCALHOST, trustLocalhost } from '../../support/certificate.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { pkce, tokenRequest } from '../../support/sign-in.ts';

const REDIRECT = 'http://127.0.0.1:9000/cb';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const CIBA = 'urn:openid:params:grant-type:ciba';

describe('client ID metadata documents that attack', () => {
  let server: TestServer;
  let origin: string;
  let distrust: () => void;
  const documents = new Map<string, Record<string, unknown>>();
  const asked: string[] = [];

  before(async () => {
    distrust = trustLocalhost();
    const publisher = createServer(LOCALHOST, ({ url = '' }, answer) => {
      asked.push(url);
      const document = documents.get(url);
      if (url === '/redirect.json') answer.writeHead(302, { location: '/plain.json' }).end();
      else if (url === '/slow.json') answer.writeHead(200, { 'content-type': 'application/json' }).write('{');
      else if (url === '/huge.json') answer.writeHead(200).end(Buffer.alloc(8_000_000, 32));
      else answer.writeHead(document ? 200 : 404).end(JSON.stringify(document ?? {}));
    });
    await once(publisher.listen(0, '127.0.0.1'), 'listening');
    atEnd(async () => {
      publisher.closeAllConnections();
      publisher.close();
    });
    origin = `https://localhost:${(publisher.address() as AddressInfo).port}`;
    server = await startServer({
      clientDocuments: { enabled: true, hosts: ['localhost'], fetchesPerHour: 1000 },
      ciba: { enabled: true },
    });
  });
  after(async () => {
    distrust();
    await server.stop();
  });

  function publish(path: string, more: Record<string, unknown> = {}): string {
    const client_id = origin + path;
    documents.set(path, { client_id, redirect_uris: [REDIRECT], application_type: 'native', ...more });
    return client_id;
  }

  async function open(client_id: string) {
    const query = new URLSearchParams({
      ...{ client_id, response_type: 'code', redirect_uri: REDIRECT, scope: 'openid', ui_locales: 'th' },
      ...{ code_challenge: pkce().challenge, code_challenge_method: 'S256' },
    });
    const answer = await new BrowserAgent().follow(`${server.url}/oauth/authorize?${query}`);
    return { status: answer.status, page: await answer.text() };
  }

  it('are refused when they redirect, are slow or huge, and the server serves the next', async () => {
    publish('/plain.json');
    for (const path of ['/redirect.json', '/slow.json', '/huge.json'])
      expect((await open(origin + path)).status, path).to.equal(400);
    expect(asked).to.not.include('/plain.json');
    expect((await open(`${origin}/plain.json`)).status).to.equal(200);
  });

  it('are shown by their host in every language, and get nothing that only operators grant', async () => {
    const client_id = publish('/names.json', {
      ...{
        client_name: 'Bank of Somewhere',
        'client_name#th': 'ธนาคารแห่งหนึ่ง',
        'logo_uri#th': `${origin}/l.png`,
      },
      ...{
        first_party: true,
        fapi_profile: '2.0',
        allowed_roles: ['editor'],
        resources: ['https://api.example'],
      },
      grant_types: ['authorization_code', 'password', 'client_credentials', EXCHANGE, CIBA],
      token_exchange: [
        {
          subject_clients: ['client'],
          resource: 'http://localhost:8080/api',
          scope: 'api:read',
          mode: 'delegation',
        },
      ],
    });
    const { status, page } = await open(client_id);
    expect(status).to.equal(200);
    expect(page).to.include(new URL(origin).host);
    expect(page).to.not.match(/Bank of Somewhere|ธนาคารแห่งหนึ่ง/);
    for (const grant_type of ['password', 'client_credentials', EXCHANGE, CIBA]) {
      const { body } = await tokenRequest(server.url, { client_id, grant_type });
      expect(body.error, JSON.stringify(body)).to.equal('unauthorized_client');
    }
    expect(asked).to.not.include('/l.png');
  });

  /** Documents of a deployment that allows 60 fetches per host, with counters in memory. */
  function counted() {
    const counts = new Map<string, number>();
    const documentsOf = clientDocuments({
      clientDocuments: { enabled: true, hosts: ['*'], fetchesPerHour: 60 },
      documentCounters: {
        async consumeAll(wanted) {
          const index = wanted.findIndex(({ name, limit }) => (counts.get(name) ?? 0) >= limit);
          if (index >= 0) return { index, retryAfter: 60 };
          for (const { name } of wanted) counts.set(name, (counts.get(name) ?? 0) + 1);
          return undefined;
        },
      },
      originOf: (ctx) => ({ address: ctx.ip }),
      fetch: async () => new Response('{"keys":[]}'),
    });
    const allowed = (ip: string, url: string) =>
      documentsOf.feature?.allowFetch({ ip } as KoaContextWithOIDC, url);
    return { ...documentsOf, allowed };
  }

  it('do not use up the fetches of their host for other callers and documents', async () => {
    const { allowed } = counted();
    const fromOne = await Promise.all(
      Array.from({ length: 60 }, (_, n) => allowed('192.0.2.1', `https://apps.example/${n}.json`)),
    );
    expect(fromOne.filter(Boolean)).to.have.length(20);
    const ofOne = await Promise.all(
      Array.from({ length: 60 }, (_, n) => allowed(`198.51.100.${n}`, 'https://apps.example/one.json')),
    );
    expect(ofOne.filter(Boolean)).to.have.length(30);
    expect(await allowed('203.0.113.1', 'https://apps.example/other.json')).to.equal(true);
  });

  it('are not expected any longer when no fetch follows', async () => {
    const { allowed, fetch } = counted();
    const url = 'https://apps.example/a.json';
    expect(await allowed('192.0.2.1', url)).to.equal(true);
    await setImmediate();
    expect(await (await fetch(url)).text()).to.equal('{"keys":[]}');
  });

  it('leave nothing behind when their host does not answer', async () => {
    let isDown = true;
    const documentsOf = clientDocuments({
      clientDocuments: { enabled: true, hosts: ['*'], fetchesPerHour: 10 },
      documentCounters: { consumeAll: async () => undefined },
      originOf: () => ({ address: '192.0.2.1' }),
      fetch: async () => {
        if (isDown) throw new Error('no answer');
        return new Response('{"keys":[]}');
      },
    });
    const url = 'https://apps.example/a.json';
    expect(await documentsOf.feature?.allowFetch(undefined, url)).to.equal(true);
    expect(await documentsOf.fetch(url).catch(({ message }) => message)).to.equal('no answer');
    isDown = false;
    // a response that was fetched for another purpose is not used as a document
    expect(await (await documentsOf.fetch(url)).text()).to.equal('{"keys":[]}');
  });
});
