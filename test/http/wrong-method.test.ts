import { expect } from 'chai';
import { type TestServer, testServer } from '../support/server.ts';

describe('a method that a path does not have', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  async function ask(method: string, path: string, accept = 'application/json') {
    const answer = await fetch(server.url + path, { method, headers: { accept }, redirect: 'manual' });
    return { status: answer.status, allow: answer.headers.get('allow'), text: await answer.text() };
  }

  for (const [api, method, path, allow, members] of [
    ['the Customers API', 'GET', '/customers/register', 'POST', ['error']],
    ['the Partners API', 'DELETE', '/accounts', 'GET, HEAD', ['code', 'message', 'platform_module']],
    ['the Self-service API', 'PUT', '/customers/self', 'DELETE, GET, HEAD, PATCH', ['error', 'message']],
    ['the Keys API', 'PUT', '/api/v2/auth/login', 'POST', ['status', 'error']],
    ['the probes', 'POST', '/live', 'GET, HEAD', ['error', 'error_description']],
  ] as const)
    it(`is 405 in the words of ${api}, with those that it has`, async () => {
      const answer = await ask(method, path);
      expect([answer.status, answer.allow]).to.deep.equal([405, allow]);
      expect(JSON.parse(answer.text)).to.include.all.keys(...members);
    });

  it('is a page to a browser', async () => {
    const answer = await ask('PUT', '/account/password', 'text/html');
    expect([answer.status, answer.allow]).to.deep.equal([405, 'GET, HEAD, POST']);
    expect(answer.text).to.match(/^<!doctype html>/i);
  });

  it('of a path that two APIs share names the methods of both', async () => {
    expect(await ask('PUT', '/customers')).to.include({ status: 405, allow: 'GET, HEAD, POST' });
  });

  it('does not apply to OPTIONS and HEAD', async () => {
    expect(await ask('OPTIONS', '/customers/register')).to.include({ status: 405, allow: 'POST' });
    expect((await ask('HEAD', '/live')).status).to.equal(200);
    expect(await ask('GET', '/nowhere')).to.include({ status: 404, allow: null });
  });
});
