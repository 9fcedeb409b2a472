import { expect } from 'chai';
import { early } from './early.ts';
import { keyHeader, keysClient, newEmail, PASSWORD } from './keys-client.ts';
import { type KeysServer, keysServer } from './keys-server.ts';

describe('Keys API: for clients that read only the status in the body', () => {
  let server: KeysServer;
  let api: ReturnType<typeof keysClient>;

  before(async () => {
    server = await keysServer({
      keysApi: { alwaysOk: true },
      attempts: { perAccount: 1 },
    });
    api = keysClient(server);
  });
  after(() => server.stop());

  it('everything below 500 is 200', async () => {
    const { email, key } = await api.registered({ fb_token: server.graph.token('10') });
    const answers = [
      await api.login({}),
      await api.login({ email: 'nobody', password: 'x' }),
      await api.login({ email: newEmail(), password: PASSWORD }),
      await api.login({ fb_token: 'made-up', fb_uid: '1' }),
      await api.register(api.person({ fb_token: server.graph.token('10') })),
      await api.register(api.person({ password: 'short' })),
      await api.user({}),
      await api.call('GET', '/api/v2/location?q=a&q=b'),
      await api.call('POST', '/api/v2/auth/login', { body: '<a/>', headers: { 'content-type': 'text/xml' } }),
      await api.json('login', { email: 'x'.repeat(70_000) }),
      await api.forgot({}),
    ];
    for (const [index, { status, headers, body }] of answers.entries()) {
      expect(status, String(index)).to.equal(200);
      expect(body, String(index)).to.have.all.keys('status', 'error');
      expect(body.status, String(index)).to.equal(0);
      expect(headers.get('www-authenticate'), String(index)).to.equal(null);
    }
    await api.login({ email, password: 'wrong' });
    const limited = await api.login({ email, password: PASSWORD });
    expect(limited.status).to.equal(200);
    expect(limited.body).to.deep.equal({
      status: 0,
      error: 'Too many attempts. Try again later.',
    });
    expect(Number(limited.headers.get('retry-after'))).to.be.at.least(1);
    expect((await api.logout(keyHeader(key))).body).to.deep.equal({ status: 1 });
  });

  it('and failures before the API gets the request are 200 too', async () => {
    for (const { status, body } of await early(server.url)) {
      expect(status).to.equal(200);
      expect(body).to.have.all.keys('status', 'error');
    }
  });

  it('and what is the server’s fault is not', async () => {
    server.graph.mood = 'html';
    const { status, body } = await api.login({ fb_token: 'x', fb_uid: '1' });
    expect(status).to.equal(503);
    expect(body.status).to.equal(0);
  });
});
