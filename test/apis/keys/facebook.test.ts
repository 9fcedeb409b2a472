import { expect } from 'chai';
import { type Answer, keyHeader, keysClient, newEmail, newFacebookUser, PASSWORD } from './keys-client.ts';
import { type KeysServer, keysServer } from './keys-server.ts';

const REFUSED = { status: 0, error: 'Your Facebook token is invalid.' };

describe('Keys API: Facebook', () => {
  let server: KeysServer;
  let api: ReturnType<typeof keysClient>;

  before(async () => {
    server = await keysServer();
    api = keysClient(server);
  });
  beforeEach(() => {
    server.graph.mood = 'well';
  });
  after(() => server.stop());

  const loginOf = (user: string, token = server.graph.token(user)): Promise<Answer> =>
    api.login({ fb_token: token, fb_uid: user });

  /** An account to which a Facebook user is linked. */
  async function bound() {
    const user = newFacebookUser();
    const account = await api.registered({ fb_token: server.graph.token(user) });
    return { ...account, facebookUser: user };
  }

  it('signs in the user who registered with it, and nobody else', async () => {
    const unknown = await loginOf(newFacebookUser());
    expect(unknown.status).to.equal(401);
    expect(unknown.body.error).to.equal(
      'Your Facebook account is not registered yet. Please register first.',
    );
    const { facebookUser, id } = await bound();
    const { body } = await loginOf(facebookUser);
    expect((await api.user(keyHeader(body.key))).body.user.id_user).to.equal(id);
  });

  it('is read in the form that old versions of the Graph API have', async () => {
    const account = await api.registered({ fb_token: server.graph.token(1_207_059) });
    const { body } = await loginOf('1207059', server.graph.token(1_207_059, { expires_at: 0 }));
    expect((await api.user(keyHeader(body.key))).body.user.id_user).to.equal(account.id);
  });

  it('never joins an account by its e-mail', async () => {
    const known = await api.registered();
    const other = await bound();
    const user = newFacebookUser();
    const mine = await api.registered({ email: known.email, fb_token: server.graph.token(user) });
    expect(mine.id).to.not.equal(known.id);
    expect((await loginOf(other.facebookUser)).status).to.equal(200);
    const row = await server.database.knex('bindings').where({ account_id: known.id }).first();
    expect(row).to.equal(undefined);
  });

  it('refuses a token that is expired, of another app, of a page, of another user, revoked or made up', async () => {
    const { facebookUser } = await bound();
    const { graph } = server;
    const past = Math.floor(Date.now() / 1000) - 1;
    const tokens = [
      graph.token(facebookUser, { expires_at: past }),
      graph.token(facebookUser, { app_id: '999' }),
      graph.token(facebookUser, { type: 'PAGE' }),
      graph.token(newFacebookUser()),
      graph.token(facebookUser, { is_valid: false }),
      'made-up',
    ];
    for (const token of tokens) {
      const { status, body } = await loginOf(facebookUser, token);
      expect(status, token).to.equal(401);
      expect(body).to.deep.equal(REFUSED);
    }
    const registration = await api.register(api.person({ fb_token: 'made-up' }));
    expect(registration.body).to.deep.equal(REFUSED);
  });

  it('lets nobody in when Facebook cannot be asked', async function () {
    this.timeout(20_000);
    const { facebookUser } = await bound();
    const accounts = await server.database.knex('accounts').count();
    for (const mood of [
      'slow',
      'html',
      'broken',
      'redirecting',
      'limited',
      'mistrusting',
      'garbled',
    ] as const) {
      server.graph.mood = mood;
      const from = Date.now();
      const { status, headers, body } = await loginOf(facebookUser);
      expect(Date.now() - from, mood).to.be.below(8000);
      expect(status, mood).to.equal(503);
      expect(Number(headers.get('retry-after')), mood).to.be.at.least(1);
      expect(body, mood).to.deep.equal({
        status: 0,
        error: 'Temporarily unavailable. Try again shortly.',
      });
    }
    server.graph.mood = 'html';
    const registration = await api.register(api.person({ fb_token: server.graph.token(newFacebookUser()) }));
    expect(registration.status).to.equal(503);
    expect(await server.database.knex('accounts').count()).to.deep.equal(accounts);
  });

  it('refuses an account that is suspended', async () => {
    const { facebookUser, id } = await bound();
    await server.domain.lifecycle.suspend(id);
    const { status, body } = await loginOf(facebookUser);
    expect(status).to.equal(401);
    expect(body).to.deep.equal({ status: 0, error: 'Your password is invalid.' });
    const again = await api.register(api.person({ fb_token: server.graph.token(facebookUser) }));
    expect(again.status).to.equal(409);
  });

  it('is 409 for a user who has an account, and never a key', async () => {
    const { facebookUser } = await bound();
    const { status, body } = await api.register(api.person({ fb_token: server.graph.token(facebookUser) }));
    expect(status).to.equal(409);
    expect(body).to.deep.equal({ status: 0, error: 'Your Facebook account is already registered.' });
  });

  it('makes one account of twenty registrations at once', async () => {
    const user = newFacebookUser();
    const { graph } = server;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.register(api.person({ fb_token: graph.token(user) }))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).to.have.length(1);
    expect(statuses.filter((status) => ![200, 409].includes(status))).to.deep.equal([]);
    const rows = await server.database.knex('bindings').where({ provider: 'facebook', external_id: user });
    expect(rows).to.have.length(1);
    const key = answers.find(({ status }) => status === 200)?.body.key;
    expect((await api.user(keyHeader(key))).body.user.id_user).to.equal(rows[0]?.account_id);
  });

  it('is verified beside a right password: every credential of a request must be right, and of one account', async () => {
    const user = newFacebookUser();
    const mine = await api.registered({ fb_token: server.graph.token(user) });
    const other = newFacebookUser();
    await api.registered({ fb_token: server.graph.token(other) });
    const login = (fb_token: string, fb_uid: string) =>
      api.login({ email: mine.email, password: PASSWORD, fb_token, fb_uid });
    expect((await login(server.graph.token(user), user)).status).to.equal(200);
    expect((await login('made-up', user)).status).to.equal(401);
    expect((await login(server.graph.token(other), other)).status).to.equal(401);
  });

  it('is not asked for what is decided without it', async () => {
    const { asked } = server.graph;
    await api.login({ fb_token: 'x' });
    await api.register(api.person({ fb_token: 'x', id_location: 78 }));
    await api.login({ email: newEmail(), password: 'x', fb_token: 'x', fb_uid: '1' });
    expect(server.graph.asked).to.equal(asked);
  });
});

describe('Keys API: without a Facebook app', () => {
  let server: KeysServer;

  before(async () => {
    server = await keysServer({ facebook: { appId: undefined, appSecret: undefined } });
  });
  after(() => server.stop());

  it('says that it is switched off', async () => {
    const api = keysClient(server);
    const off = { status: 0, error: 'Signing in with Facebook is disabled.' };
    const login = await api.login({ fb_token: 'x', fb_uid: '1' });
    expect(login.status).to.equal(400);
    expect(login.body).to.deep.equal(off);
    expect((await api.register(api.person({ fb_token: 'x' }))).body).to.deep.equal(off);
    expect((await api.registered()).key).to.be.a('string');
  });
});
