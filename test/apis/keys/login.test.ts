import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { keyHeader, keysClient, newEmail, PASSWORD } from './keys-client.ts';

const WRONG = { status: 0, error: 'Your password is invalid.' };
const NO_KEY = { status: 0, error: 'Your key is invalid.' };

describe('Keys API: keys', () => {
  let server: TestServer;
  let api: ReturnType<typeof keysClient>;

  before(async () => {
    server = await testServer();
    api = keysClient(server);
  });

  it('are given for an e-mail in any case and a password, another each time', async () => {
    const { email } = await api.registered();
    const first = await api.form('login', { email: email.toUpperCase(), password: PASSWORD });
    const second = await api.login({ email: ` ${email}`, password: PASSWORD });
    expect([first.status, second.status]).to.deep.equal([200, 200]);
    expect(first.body.key).to.match(/^[0-9a-f]{40}$/);
    expect(second.body.key).to.not.equal(first.body.key);
    for (const { body } of [first, second])
      expect((await api.user(keyHeader(body.key))).body.user.email).to.equal(email);
  });

  it('are refused in the same words for an unknown e-mail, a wrong password and a suspended account', async () => {
    const { email, id, key } = await api.registered();
    const suspended = await api.registered();
    await server.domain.lifecycle.suspend(suspended.id);
    const answers = [
      await api.login({ email: newEmail(), password: PASSWORD }),
      await api.login({ email, password: `${PASSWORD}!` }),
      await api.login({ email: suspended.email, password: PASSWORD }),
    ];
    for (const { status, body } of answers) {
      expect(status).to.equal(401);
      expect(body).to.deep.equal(WRONG);
    }
    expect((await api.user(keyHeader(suspended.key))).body).to.deep.equal(NO_KEY);
    await server.domain.lifecycle.signOutEverywhere(id);
    expect((await api.user(keyHeader(key))).status).to.equal(401);
  });

  it('are refused for a while after ten wrong passwords, also to the right one', async () => {
    const { email } = await api.registered();
    for (let wrong = 0; wrong < 10; wrong += 1)
      expect((await api.login({ email, password: `wrong ${wrong}` })).status).to.equal(401);
    const { status, headers, body } = await api.login({ email, password: PASSWORD });
    expect(status).to.equal(429);
    expect(Number(headers.get('retry-after'))).to.be.within(1, 900);
    expect(body.status).to.equal(0);
    await moveClock(server.database, 901);
    expect((await api.login({ email, password: PASSWORD })).status).to.equal(200);
  });

  it('come as X-API-KEY and as a bearer token, in any case of the word', async () => {
    const { key, id } = await api.registered();
    for (const headers of [
      keyHeader(key),
      { authorization: `Bearer ${key}` },
      { authorization: `bEaReR ${key}` },
    ])
      expect((await api.user(headers)).body.user.id_user).to.equal(id);
  });

  it('are taken from nowhere else', async () => {
    const { key } = await api.registered();
    const path = '/api/v2/user/get_active_user';
    for (const query of [`X-API-KEY=${key}`, `access_token=${key}`, `key=${key}`])
      expect((await api.call('GET', `${path}?${query}`)).status).to.equal(401);
    for (const headers of [{}, keyHeader(key.toUpperCase()), keyHeader(`${key}0`), { authorization: key }]) {
      const answer = await api.user(headers);
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
      expect(answer.body).to.deep.equal(NO_KEY);
    }
  });

  it('count before a bearer token that comes with them', async () => {
    const [one, other] = [await api.registered(), await api.registered()];
    const both = { ...keyHeader(one.key), authorization: `Bearer ${other.key}` };
    expect((await api.user(both)).body.user.id_user).to.equal(one.id);
    expect((await api.user({ ...keyHeader('wrong'), authorization: both.authorization })).status).to.equal(
      401,
    );
  });

  it('open the other APIs of first-party apps, whose tokens open this one', async () => {
    const { key, email } = await api.registered();
    const customer = await fetch(`${server.url}/customers`, { headers: { authorization: `Bearer ${key}` } });
    expect(await customer.json()).to.include({ email, registerChannel: 'WEB' });
    const granted = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({ grant_type: 'password', username: email, password: PASSWORD }),
    });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    expect((await api.user(keyHeader(token))).body.user.email).to.equal(email);
  });

  it('need the scope of first-party apps', async () => {
    const { email } = await api.registered();
    const granted = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({
        grant_type: 'password',
        username: email,
        password: PASSWORD,
        scope: 'openid',
      }),
    });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    const { status, body } = await api.user(keyHeader(token));
    expect(status).to.equal(403);
    expect(body).to.deep.equal({ status: 0, error: 'Your key does not allow this.' });
  });

  it('live thirty days', async () => {
    const { key } = await api.registered();
    await moveClock(server.database, 30 * 86_400 - 60);
    expect((await api.user(keyHeader(key))).status).to.equal(200);
    await moveClock(server.database, 120);
    expect((await api.user(keyHeader(key))).status).to.equal(401);
  });

  it('are invalid after logout, and no others', async () => {
    const { key, email } = await api.registered();
    const { body } = await api.login({ email, password: PASSWORD });
    const out = await api.logout(keyHeader(key));
    expect(out.body).to.deep.equal({ status: 1 });
    expect((await api.user(keyHeader(key))).status).to.equal(401);
    expect((await api.logout(keyHeader(key))).body).to.deep.equal(NO_KEY);
    expect((await api.user(keyHeader(body.key))).status).to.equal(200);
  });

  it('die with a new password', async () => {
    const { key, id } = await api.registered();
    const other = {
      accountId: id,
      next: 'staple-gun-orchestra',
      preservedSession: { generation: 1, grantRecord: '0'.repeat(32) },
    };
    await server.domain.passwordChange.change(other);
    expect((await api.user(keyHeader(key))).status).to.equal(401);
  });

  it('are stored nowhere', async () => {
    const { key } = await api.registered();
    const { rows } = await server.database.knex.raw('select row_to_json(records)::text as row from records');
    expect(rows.filter(({ row }: { row: string }) => row.includes(key))).to.deep.equal([]);
  });
});
