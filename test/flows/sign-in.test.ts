import { expect } from 'chai';
import { type TestServer, testServer } from '../support/server.ts';
import { tokenRequest, tokensByCode, tokensByPassword } from '../support/sign-in.ts';

describe('a sign-in', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  it('ends with tokens that open userinfo', async () => {
    const tokens = await tokensByCode(server.url, { scope: 'openid profile email' });
    const answer = await fetch(`${server.url}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(answer.status).to.equal(200);
    expect(await answer.json()).to.include({ sub: '1', name: 'สมชาย ใจดี', email: 'somchai@example.com' });
  });

  it('works by the password grant, with the scope that it asked for', async () => {
    const tokens = await tokensByPassword(server.url);
    expect(tokens).to.include({ token_type: 'bearer', scope: 'global' });
    expect(tokens.expires_in).to.be.within(43_140, 43_200);
    const asked = await tokensByPassword(server.url, { scope: 'openid email' });
    expect(asked.scope).to.equal('openid email');
    expect(asked.id_token).to.be.a('string');
  });

  it('is refused in one way for an unknown name and for a wrong password', async () => {
    const attempt = (username: string) =>
      tokenRequest(server.url, {
        grant_type: 'password',
        client_id: 'client',
        client_secret: 'secret',
        username,
        password: 'wrong-password',
      });
    const [unknown, wrong] = [await attempt('0899999999'), await attempt('somchai@example.com')];
    expect(unknown.status).to.equal(400);
    expect(unknown.body.error).to.equal('invalid_grant');
    expect(wrong.body).to.deep.equal(unknown.body);
    expect(wrong.status).to.equal(400);
  });
});
