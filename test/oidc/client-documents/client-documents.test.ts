import { expect } from 'chai';
import { somebody, type Visitor } from '../../pages/account/visitor.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { trustLocalhost } from '../../support/certificate.ts';
import { createClient } from '../../support/clients.ts';
import { introspect } from '../../support/code-flow.ts';
import { type LocalServer, localServer } from '../../support/local-server.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { pkce, signInOnPages, tokenRequest } from '../../support/sign-in.ts';

const REDIRECT = 'http://127.0.0.1:9000/cb';

describe('client ID metadata documents', () => {
  let server: TestServer;
  let publisher: LocalServer;
  let distrust: () => void;
  let person: Visitor;
  const documents = new Map<string, unknown>();

  before(async () => {
    distrust = trustLocalhost();
    publisher = await localServer((path) => documents.get(path), { secure: true });
    server = await startServer({
      clientDocuments: { enabled: true, hosts: ['localhost'], fetchesPerHour: 1000 },
    });
    person = await somebody(server);
  });
  after(async () => {
    distrust();
    await server.stop();
  });

  /** Publishes a document. Returns the ID of its client. */
  function publish(path: string, more: Record<string, unknown> = {}): string {
    const client_id = `${publisher.url}${path}`;
    documents.set(path, {
      client_id,
      client_name: 'Bank of Somewhere',
      application_type: 'native',
      redirect_uris: [REDIRECT],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      ...more,
    });
    return client_id;
  }

  const urlOf = (client_id: string, more: Record<string, string> = {}, at = server.url): string =>
    `${at}/oauth/authorize?${new URLSearchParams({
      ...{ client_id, response_type: 'code', redirect_uri: REDIRECT, scope: 'openid', state: 's' },
      ...more,
    })}`;

  const open = async (client_id: string, more: Record<string, string> = {}, at = server.url) => {
    const agent = new BrowserAgent();
    const answer = await agent.follow(
      urlOf(client_id, { code_challenge: pkce().challenge, code_challenge_method: 'S256', ...more }, at),
    );
    const page = answer.headers.get('location') ?? (await answer.text());
    return { status: answer.status, page };
  };
  const fetched = (path: string): number => publisher.received.filter((one) => one.path === path).length;

  it('let an unknown client sign people in, under the name of its host', async () => {
    const client_id = publish('/app.json');
    const { verifier, challenge } = pkce();
    const agent = new BrowserAgent();
    const url = urlOf(client_id, { code_challenge: challenge, code_challenge_method: 'S256' });
    const page = await (await agent.follow(`${url}&ui_locales=en`)).text();
    const uid = /\/interaction\/([\w-]+)\//.exec(page)?.[1];
    const login = { login: person.email, password: 'correct-horse-battery' };
    const consent = await (await agent.submit(`/interaction/${uid}/login`, login, page)).text();
    expect(consent).to.include('Nobody at Pratu has checked it').and.include(new URL(publisher.url).host);
    expect(consent).not.to.include('Bank of Somewhere');
    const back = await signInOnPages(agent, `${url}&ui_locales=en`, login);
    const fields = {
      ...{ grant_type: 'authorization_code', client_id, redirect_uri: REDIRECT },
      code: back.searchParams.get('code') ?? '',
    };
    const answer = await tokenRequest(server.url, { ...fields, code_verifier: verifier });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(fetched('/app.json')).to.equal(1);
    expect(await server.domain.consents.list(person.id)).to.deep.equal([]);
    const stranger = await createClient(server);
    expect((await introspect(server, stranger, answer.body.access_token)).body.active).to.equal(false);
  });

  it('need PKCE and a redirect URI of the document', async () => {
    const client_id = publish('/pkce.json');
    const answer = await new BrowserAgent().request(urlOf(client_id));
    expect(answer.headers.get('location')).to.include('error=invalid_request').and.include('PKCE');
    const other = await open(client_id, { redirect_uri: 'https://other.example.com/cb' });
    expect(other.status).to.equal(400);
  });

  it('make no client a first party, and grant none of its scopes', async () => {
    const client_id = publish('/first.json', { first_party: true, scope: 'openid global thai_id profile' });
    const answer = await open(client_id, { scope: 'openid global thai_id', ui_locales: 'en' });
    expect(answer.page).to.include('error=invalid_scope');
    const plain = publish('/unlimited.json');
    expect((await open(plain, { scope: 'openid accounts:lookup' })).page).to.include('error=invalid_scope');
  });

  it('trigger no request to other URLs that they name', async () => {
    const client_id = publish('/more.json', {
      sector_identifier_uri: `${publisher.url}/sector.json`,
      subject_type: 'pairwise',
      jwks_uri: `${publisher.url}/keys.json`,
      logo_uri: `${publisher.url}/logo.png`,
    });
    expect((await open(client_id)).status).to.equal(200);
    expect(publisher.received.map(({ path }) => path)).not.to.include.members(['/sector.json']);
    expect(fetched('/keys.json') + fetched('/logo.png')).to.equal(0);
  });

  it('are refused when they are something else', async () => {
    const bad: Record<string, unknown> = {
      '/other-id.json': { client_id: 'https://localhost/other.json' },
      '/secret.json': { token_endpoint_auth_method: 'client_secret_basic' },
      '/key.json': { token_endpoint_auth_method: 'private_key_jwt' },
      '/script.json': { redirect_uris: ['javascript:alert(1)'] },
      '/large.json': { client_name: 'x'.repeat(20_000) },
    };
    for (const [path, more] of Object.entries(bad)) {
      const { status, page } = await open(publish(path, more as Record<string, unknown>));
      expect({ path, status, isSignIn: page.includes('/login') }).to.deep.equal({
        path,
        status: 400,
        isSignIn: false,
      });
    }
    expect((await open(`${publisher.url}/missing.json`)).status).to.equal(400);
  });

  it('are fetched from allowed hosts only, a number of times an hour', async () => {
    const far = await open('https://127.0.0.1/app.json');
    expect(far.status).to.equal(400);
    const guarded = await startServer({
      clientDocuments: { enabled: true, hosts: ['*'], fetchesPerHour: 100 },
      outbound: { allow: [] },
    });
    expect((await open(publish('/inside.json'), {}, guarded.url)).status).to.equal(400);
    expect(fetched('/inside.json')).to.equal(0);
    await guarded.stop();
    const few = await startServer({
      clientDocuments: { enabled: true, hosts: ['localhost'], fetchesPerHour: 2 },
    });
    const statuses: number[] = [];
    for (const path of ['/a.json', '/b.json', '/c.json', '/d.json'])
      statuses.push((await open(publish(path), {}, few.url)).status);
    expect(statuses.filter((status) => status === 200).length).to.be.at.most(2);
    expect(statuses.at(-1)).to.equal(400);
    expect(fetched('/d.json')).to.equal(0);
    await few.stop();
  });

  it('do not exist unless they are enabled', async () => {
    const off = await startServer();
    const id = publish('/off.json');
    expect((await open(id, {}, off.url)).status).to.equal(400);
    expect(fetched('/off.json')).to.equal(0);
    const metadata = async (at: string) => (await fetch(`${at}/.well-known/openid-configuration`)).json();
    expect(await metadata(off.url)).not.to.have.property('client_id_metadata_document_supported');
    expect(await metadata(server.url)).to.include({ client_id_metadata_document_supported: true });
    await off.stop();
  });
});
