import { expect } from 'chai';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { tokensFor } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

describe('userinfo', () => {
  let server: TestServer;
  let client: TestClient;
  let token: string;

  before(async () => {
    server = await testServer();
    client = await createClient(server);
    token = (await tokensFor(server, client)).access_token;
  });

  const call = (init: RequestInit = {}, query = ''): Promise<Response> =>
    fetch(`${server.url}/oauth/userinfo${query}`, init);

  const ways: [string, () => RequestInit][] = [
    ['GET with a header', () => ({ headers: { authorization: `Bearer ${token}` } })],
    ['POST with a header', () => ({ method: 'POST', headers: { authorization: `Bearer ${token}` } })],
    ['POST with a body', () => ({ method: 'POST', body: new URLSearchParams({ access_token: token }) })],
    ['a scheme in lower case', () => ({ headers: { authorization: `bearer ${token}` } })],
  ];
  for (const [name, init] of ways) {
    it(`answers ${name}`, async () => {
      const answer = await call(init());
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.match(/^application\/json/);
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(await answer.json()).to.deep.equal({ sub: '1' });
    });
  }

  const refusals: [string, () => Promise<Response>, number][] = [
    ['no token', () => call(), 401],
    ['a token in the address', () => call({}, `?access_token=${token}`), 400],
    ['a token that is none', () => call({ headers: { authorization: 'Bearer nothing' } }), 401],
    ['a shortened token', () => call({ headers: { authorization: `Bearer ${token.slice(0, -1)}` } }), 401],
    ['a lengthened token', () => call({ headers: { authorization: `Bearer ${token}A` } }), 401],
    ['the token as DPoP', () => call({ headers: { authorization: `DPoP ${token}` } }), 400],
    [
      'two tokens',
      () =>
        call({
          method: 'POST',
          body: new URLSearchParams({ access_token: token }),
          headers: { authorization: `Bearer ${token}` },
        }),
      400,
    ],
  ];
  for (const [name, attempt, status] of refusals) {
    it(`refuses ${name}, as JSON, with a challenge`, async () => {
      const answer = await attempt();
      expect(answer.status).to.equal(status);
      expect(answer.headers.get('www-authenticate')).to.match(/^(Bearer|DPoP) /);
      expect(await answer.json()).to.have.keys('error', 'error_description');
    });
  }

  it('refuses a token that is over', async () => {
    const { access_token } = await tokensFor(server, client);
    // ten seconds are tolerated for clock skew
    await moveClock(server.database, 3611);
    const answer = await call({ headers: { authorization: `Bearer ${access_token}` } });
    expect(answer.status).to.equal(401);
    expect(await answer.json()).to.include({ error: 'invalid_token' });
  });

  it('refuses the token of a resource, and one without openid', async () => {
    const forResource = await tokensFor(server, client, { scope: 'email' });
    const answer = await call({ headers: { authorization: `Bearer ${forResource.access_token}` } });
    expect(answer.status).to.equal(403);
    expect(await answer.json()).to.include({ error: 'insufficient_scope' });
  });
});
