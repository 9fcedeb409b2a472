import { expect } from 'chai';
import { checkAnswer } from '../support/openapi.ts';
import { type TestServer, testServer } from '../support/server.ts';

const PATH = '/.well-known/oauth-protected-resource';

describe('protected resource metadata', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  async function metadata(path: string): Promise<Record<string, unknown>> {
    const answer = await fetch(server.url + path);
    const text = await answer.text();
    checkAnswer(`GET ${path}`, answer.status, answer.headers, text);
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=300');
    return JSON.parse(text) as Record<string, unknown>;
  }

  it('name the server of our own APIs, and the scope that they need', async () => {
    const found = await metadata(PATH);
    expect(found).to.include({ resource: server.url });
    expect(found.authorization_servers).to.deep.equal([server.url]);
    expect(found.scopes_supported).to.include.members(['global', 'profile', 'email', 'thai_id']);
  });

  it('lead from a challenge of the Admin API to a token that it takes', async () => {
    const refused = await fetch(`${server.url}/admin/v1/overview`);
    expect(refused.status).to.equal(401);
    const challenge = refused.headers.get('www-authenticate') ?? '';
    expect(challenge).to.match(/^Bearer error="invalid_token", .*, DPoP error="invalid_token"$/);
    const url = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '';
    expect(url).to.equal(`${server.url}${PATH}/admin`);
    const found = await metadata(new URL(url).pathname);
    expect(found).to.include({ resource: `${server.url}/admin` });
    expect(found.scopes_supported).to.include('admin:overview:read');
    const answer = await fetch(String(found.resource_documentation));
    expect(answer.status).to.equal(200);
  });

  it('change nothing of the challenge that clients of the Customers API know', async () => {
    const refused = await fetch(`${server.url}/logout`, { method: 'POST' });
    expect(refused.headers.get('www-authenticate')).to.equal('Bearer');
  });
});
