import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { refresh, tokenOf, userinfo } from '../../support/code-flow.ts';
import { startServer, type TestServer, testServer } from '../../support/server.ts';
import { SOMCHAI, tokenRequest } from '../../support/sign-in.ts';

const OWN: TestClient = { id: 'client', secret: 'secret', redirectUri: 'http://localhost:8080/cb' };
const GRANT = { grant_type: 'password', username: SOMCHAI.login, password: SOMCHAI.password };
const HALF_A_DAY = 43_200;

describe('the password grant', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  it('answers with these members and no others', async () => {
    const { status, body, headers } = await tokenOf(server, OWN, GRANT);
    expect(status).to.equal(200);
    expect(body).to.have.keys('access_token', 'token_type', 'refresh_token', 'expires_in', 'scope');
    expect(body).to.include({ token_type: 'bearer', scope: 'global' });
    expect(body.expires_in).to.be.within(HALF_A_DAY - 60, HALF_A_DAY);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('content-type')).to.match(/^application\/json/);
  });

  it('takes the client by its body, and an e-mail for a name', async () => {
    const { status } = await tokenRequest(server.url, {
      ...GRANT,
      username: 'Somchai@Example.com',
      client_id: OWN.id,
      client_secret: OWN.secret,
    });
    expect(status).to.equal(200);
  });

  it('adds an ID token for openid, and grants the requested scopes that the client may have', async () => {
    const { body } = await tokenOf(server, OWN, { ...GRANT, scope: 'openid email nothing thai_id' });
    expect(body.scope).to.equal('openid email');
    const claims = decodeJwt(body.id_token ?? '');
    expect(claims).to.include({ iss: server.url, sub: '1', aud: 'client' });
    expect(claims.auth_time).to.be.closeTo(Date.now() / 1000, 60);
    expect((await userinfo(server, body.access_token)).status).to.equal(200);
  });

  it('gives a refresh token that stays, whose access tokens live as long', async () => {
    const { body } = await tokenOf(server, OWN, GRANT);
    await moveClock(server.database, HALF_A_DAY + 10);
    const next = await refresh(server, OWN, body.refresh_token);
    expect(next.status).to.equal(200);
    expect(next.body.refresh_token).to.equal(body.refresh_token);
    expect(next.body.expires_in).to.be.within(HALF_A_DAY - 60, HALF_A_DAY);
    expect(next.body.token_type.toLowerCase()).to.equal('bearer');
  });

  for (const member of ['username', 'password'] as const) {
    it(`needs ${member}`, async () => {
      const { [member]: _left, ...rest } = GRANT;
      const { status, body } = await tokenOf(server, OWN, rest as Record<string, string>);
      expect([status, body.error]).to.deep.equal([400, 'invalid_request']);
    });
  }

  it('is only for clients that are registered for it', async () => {
    const { status, body } = await tokenOf(server, await createClient(server), GRANT);
    expect([status, body.error]).to.deep.equal([400, 'unauthorized_client']);
  });

  it('responds alike for everyone who cannot sign in', async () => {
    const mail = (name: string) => `${name}-${Date.now()}@example.com`;
    const [suspended, pending, without] = [mail('suspended'), mail('pending'), mail('without')];
    const contacts = (value: string) => [{ kind: 'email' as const, value, verified: true }];
    const { password } = SOMCHAI;
    const account = await server.domain.lifecycle.create({ password, contacts: contacts(suspended) });
    await server.domain.lifecycle.suspend(account.id);
    await server.domain.lifecycle.create({ password, contacts: contacts(pending), status: 'pending' });
    await server.domain.lifecycle.create({ contacts: contacts(without) });
    const attempts = [suspended, pending, without, mail('nobody')].map((username) => ({
      ...GRANT,
      username,
    }));
    const expected = {
      error: 'invalid_grant',
      error_description: 'The sign-in name or the password is wrong.',
    };
    for (const attempt of [...attempts, { ...GRANT, password: 'wrong-password' }]) {
      const { status, body } = await tokenOf(server, OWN, attempt);
      expect([status, body]).to.deep.equal([400, expected]);
    }
  });

  it('is 429 with Retry-After after too many tries, for the right password too', async () => {
    const strict = await startServer({ attempts: { perAccount: 2 } });
    const username = `limited-${Date.now()}@example.com`;
    await strict.domain.lifecycle.create({
      password: SOMCHAI.password,
      contacts: [{ kind: 'email', value: username, verified: true }],
    });
    const wrong = { ...GRANT, username, password: 'wrong-password' };
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await tokenOf(strict, OWN, wrong)).status).to.equal(400);
    }
    const { status, body, headers } = await tokenOf(strict, OWN, { ...GRANT, username });
    await strict.stop();
    expect([status, body.error]).to.deep.equal([429, 'temporarily_unavailable']);
    expect(Number(headers.get('retry-after'))).to.be.within(1, 900);
    expect(headers.get('cache-control')).to.equal('no-store');
  });
});
