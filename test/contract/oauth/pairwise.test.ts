import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { trustLocalhost } from '../../support/certificate.ts';
import { createClient, initialAccessToken } from '../../support/clients.ts';
import { tokensFor, userinfo } from '../../support/code-flow.ts';
import { type LocalServer, localServer } from '../../support/local-server.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const ONE = 'https://one.example/cb';
const TWO = 'https://two.example/cb';
const DOCUMENTS: Record<string, unknown> = {
  '/good.json': [ONE, TWO],
  '/bad.json': [ONE],
  '/no-list.json': { ONE },
};

describe('pairwise subjects', () => {
  let server: TestServer;
  let sector: LocalServer;
  let distrust: () => void;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    sector = await localServer((path) => DOCUMENTS[path], { secure: true });
    distrust = trustLocalhost();
  });

  after(() => distrust());

  async function subjectAt(redirectUri: string): Promise<string> {
    const client = await createClient(server, { subject_type: 'pairwise', redirect_uris: [redirectUri] });
    const { id_token = '', access_token } = await tokensFor(server, client, {}, agent);
    const { sub } = decodeJwt(id_token);
    expect(await (await userinfo(server, access_token)).json()).to.deep.equal({ sub });
    return sub ?? '';
  }

  it('are stable in a sector, and others in another', async () => {
    const [here, again, there] = [await subjectAt(ONE), await subjectAt(ONE), await subjectAt(TWO)];
    expect(here).to.match(/^[\w-]{43}$/);
    expect(again).to.equal(here);
    expect(there).to.not.equal(here);
  });

  async function register(metadata: object) {
    const answer = await fetch(`${server.url}/oauth/register`, {
      method: 'POST',
      body: JSON.stringify({ subject_type: 'pairwise', redirect_uris: [ONE, TWO], ...metadata }),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await initialAccessToken(server)}`,
      },
    });
    return { status: answer.status, body: await answer.json() };
  }

  it('need a sector document for redirect URIs on two hosts', async () => {
    const { status, body } = await register({});
    expect([status, body.error]).to.deep.equal([400, 'invalid_client_metadata']);
  });

  it('are the same for the whole of a sector document', async () => {
    const sectorUri = `${sector.url}/good.json`;
    const { status, body } = await register({ sector_identifier_uri: sectorUri });
    expect([status, body.sector_identifier_uri]).to.deep.equal([201, sectorUri]);
    const registered = { id: body.client_id, secret: body.client_secret };
    const subjects = [];
    for (const redirectUri of [ONE, TWO]) {
      const { id_token = '' } = await tokensFor(server, { ...registered, redirectUri }, {}, agent);
      subjects.push(decodeJwt(id_token).sub);
    }
    expect(subjects[0])
      .to.equal(subjects[1])
      .and.not.equal(await subjectAt(ONE));
  });

  for (const [name, path] of [
    ['is no list', '/no-list.json'],
    ['does not list every redirect URI', '/bad.json'],
    ['is not there', '/none.json'],
  ] as const) {
    it(`refuse a sector document that ${name}`, async () => {
      const { status, body } = await register({ sector_identifier_uri: `${sector.url}${path}` });
      expect([status, body.error]).to.deep.equal([400, 'invalid_client_metadata']);
      expect(sector.received.at(-1)?.path).to.equal(path);
    });
  }

  it('refuse a sector document without https', async () => {
    const plain = await localServer((path) => DOCUMENTS[path]);
    const { status, body } = await register({ sector_identifier_uri: `${plain.url}/good.json` });
    expect([status, body.error]).to.deep.equal([400, 'invalid_client_metadata']);
    expect(plain.received).to.deep.equal([]);
  });
});
