import { expect } from 'chai';
import { forgetCounts } from '../../support/forget-counts.ts';
import { linkTo, messagesTo, pressOn } from '../customers/mails.ts';
import { keyHeader, keysClient, newEmail, PASSWORD } from './keys-client.ts';
import { type KeysServer, keysServer } from './keys-server.ts';

const complete = {
  name: 'สมหญิง ใจดี มีสุข',
  phone: '082232856363',
  gcm_id: 'APA91bHun4MxP5egoKMwt2KZFBaFUH',
  longitude: '100.5018',
  latitude: '13.7563',
  avatar: '/avatars/shcode.jpg',
  show_phone: '1',
  address: 'nowhere',
};

describe('Keys API: registration', () => {
  let server: KeysServer;
  let api: ReturnType<typeof keysClient>;

  before(async () => {
    server = await keysServer();
    api = keysClient(server);
  });
  after(() => server.stop());

  it('gives a key, and shows what was given', async () => {
    const email = newEmail();
    const { key, user } = await api.registered({ ...complete, email });
    expect(key).to.match(/^[0-9a-f]{40}$/);
    const { id_user: id, joined_date: joined, ...others } = user;
    expect(id).to.be.a('number');
    expect(joined).to.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(others).to.deep.equal({
      name: 'สมหญิง ใจดี มีสุข',
      email,
      phone: '082232856363',
      birthdate: null,
      avatar: '/avatars/shcode.jpg',
      id_location: 7,
    });
    const account = await server.domain.accounts.find(id);
    expect(account?.profile).to.include({
      firstName: 'สมหญิง',
      lastName: 'ใจดี มีสุข',
      longitude: 100.5018,
      latitude: 13.7563,
      address: null,
    });
    expect(account?.card).to.be.an('object');
    expect(account).to.include({ status: 'active', registerClientId: 'keys' });
    expect(account?.contacts.map(({ kind, verified }) => ({ kind, verified }))).to.deep.equal([
      { kind: 'email', verified: false },
    ]);
  });

  it('says null of what was never given', async () => {
    const { user } = await api.registered();
    expect(user).to.include({ name: 'shcode', phone: null, avatar: null, birthdate: null });
  });

  it('tells the time where the deployment is', async () => {
    const { id, user } = await api.registered();
    const account = await server.domain.accounts.find(id);
    const bangkok = new Date((account?.createdAt.getTime() ?? 0) + 7 * 3_600_000);
    expect(user.joined_date).to.equal(bangkok.toISOString().slice(0, 19).replace('T', ' '));
  });

  it('mails a link that confirms the e-mail, and only then takes it', async () => {
    const { email } = await api.registered();
    const second = await api.registered({ email: email.toUpperCase() });
    await pressOn(await linkTo(server, email, '/verify-email'));
    const late = await api.register(api.person({ email }));
    expect(late.status).to.equal(409);
    expect(late.body).to.deep.equal({ status: 0, error: 'Your email is already registered.' });
    // when one account confirms it, the others lose it
    expect((await api.user(keyHeader(second.key))).body.user.email).to.equal(null);
  });

  it('tells a person who is not the first with an e-mail when it will sign in', async () => {
    const first = await api.registered({ password: 'first-horse-battery' });
    await api.registered({ email: first.email, password: 'second-horse-battery' });
    const [to, before] = await messagesTo(server, first.email);
    expect(to?.text).to.include('เมื่อยืนยันแล้วเท่านั้น');
    expect(before?.text).to.not.include('เมื่อยืนยันแล้วเท่านั้น');
    const login = (password: string) => api.login({ email: first.email, password });
    expect((await login('first-horse-battery')).status).to.equal(200);
    expect((await login('second-horse-battery')).status).to.equal(401);
    await pressOn(await linkTo(server, first.email, '/verify-email'));
    expect((await login('first-horse-battery')).status).to.equal(401);
    expect((await login('second-horse-battery')).status).to.equal(200);
  });

  it('writes to its reader in the language of the request', async () => {
    const email = newEmail();
    await keysClient(server, { 'accept-language': 'en' }).register(api.person({ email }));
    expect((await messagesTo(server, email))[0]?.subject).to.match(/^Confirm your e-mail address/);
  });

  it('takes no password that the policy refuses', async () => {
    const email = newEmail();
    for (const password of ['short12', 'password', email, 'x'.repeat(1025), 'ก'.repeat(400)]) {
      const { status, body } = await api.register(api.person({ email, password }));
      expect(status, password).to.equal(400);
      expect(body.error).to.equal("Your parameter 'password' is not valid.");
    }
  });

  it('reveals only a limited number of times that an e-mail is taken', async () => {
    const { email } = await api.registered();
    await pressOn(await linkTo(server, email, '/verify-email'));
    const from = keysClient(server);
    const statuses: number[] = [];
    for (let time = 0; time < 25; time += 1)
      statuses.push((await from.register(api.person({ email }))).status);
    expect(new Set(statuses)).to.deep.equal(new Set([409, 429]));
    expect(statuses.at(-1)).to.equal(429);
    // nor does it reveal that an e-mail is free
    expect((await from.register(api.person())).status).to.equal(429);
    await forgetCounts(server.database);
  });

  it('makes an account that every other surface knows', async () => {
    const { email } = await api.registered();
    const answer = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({ grant_type: 'password', username: email, password: PASSWORD }),
    });
    expect(answer.status).to.equal(200);
  });
});

describe('Keys API: registrations from one address', () => {
  let server: KeysServer;

  before(async () => {
    server = await keysServer();
  });
  after(() => server.stop());

  it('are counted, and none is made past the limit', async () => {
    const api = keysClient(server);
    const made = async (): Promise<number> =>
      Number((await server.database.knex('accounts').count({ n: '*' }))[0]?.n);
    const before = await made();
    const statuses: number[] = [];
    for (let batch = 0; batch < 11; batch += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => api.register(api.person())));
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses.filter((status) => status === 200)).to.have.length(100);
    expect(statuses.filter((status) => status === 429)).to.have.length(10);
    expect((await made()) - before).to.equal(100);
  });
});
