import { expect } from 'chai';
import { early } from './early.ts';
import { type Answer, keysClient, newEmail, PASSWORD } from './keys-client.ts';
import { type KeysServer, keysServer } from './keys-server.ts';

const missing = (name: string) => ({
  status: 0,
  error: `Your parameter is not complete. Missing parameter '${name}'.`,
});
const invalid = (name: string) => ({ status: 0, error: `Your parameter '${name}' is not valid.` });

/** Values that no parameter accepts. */
const NEVER: readonly unknown[] = [[], ['a'], {}, { a: 1 }, true, 'a\0b', '\ud800', 'x'.repeat(5000)];

/** Further values that a parameter does not accept. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  email: ['nobody', 'a@b', '<a@example.com>', 'a@example.com,b@example.com', 'a@example.com\r\nx: y', 7],
  name: [' ', '123', 'a\u0007b', '\u202eabc', `${'x'.repeat(51)}`, 7],
  id_location: ['0', 0, -1, 78, '78', 7.5, '7.0', 'seven', ' 7', '07', 1e300],
  phone: ['call me', '0'.repeat(21), -1.5],
  gcm_id: ['with space', 'ไทย', 7],
  longitude: ['180.1', 181, '-181', 'east', '1e99', '0x10', '1,5', ' 1'],
  latitude: ['90.1', 91, '-91', 'north', 'NaN', 'Infinity', '--1'],
  avatar: [
    'http://example.com/a.jpg',
    'javascript:alert(1)',
    'data:image/png;base64,AA==',
    '//evil.example/a.jpg',
    'https://user:secret@example.com/a.jpg',
    '/a/../../b.jpg',
    '/a b.jpg',
    '/a\\b',
    'https://',
    7,
  ],
  fb_token: ['with space', 'ไทย', 7],
  password: [7],
};

describe('Keys API: input', () => {
  let server: KeysServer;
  let api: ReturnType<typeof keysClient>;

  before(async () => {
    server = await keysServer();
    api = keysClient(server);
  });
  after(() => server.stop());

  const expectRefusal = (answer: Answer, body: unknown, what: string): void => {
    expect(answer.status, what).to.equal(400);
    expect(answer.body, what).to.deep.equal(body);
  };

  it('names the first parameter that is missing, in the order of the document', async () => {
    const cases: [operation: 'login' | 'register' | 'forgot_password', sent: object, name: string][] = [
      ['login', {}, 'email'],
      ['login', { gcm_id: 'x' }, 'email'],
      ['login', { password: 'x' }, 'email'],
      ['login', { email: newEmail() }, 'password'],
      ['login', { email: newEmail(), fb_token: 'x' }, 'password'],
      ['login', { fb_token: 'x' }, 'fb_uid'],
      ['login', { fb_uid: '1' }, 'fb_token'],
      ['login', { email: 'nobody' }, 'password'],
      ['register', {}, 'email'],
      ['register', { email: newEmail() }, 'password'],
      ['register', { email: 'nobody', password: PASSWORD, id_location: 7 }, 'name'],
      ['register', { email: newEmail(), password: PASSWORD, name: 'shcode', phone: [] }, 'id_location'],
      ['forgot_password', {}, 'email'],
    ];
    for (const [path, sent, name] of cases) {
      const what = `${path} ${JSON.stringify(sent)}`;
      expectRefusal(await api.json(path, sent), missing(name), what);
      const fields = Object.entries(sent).filter(([, value]) => typeof value !== 'object');
      expectRefusal(await api.form(path, Object.fromEntries(fields)), missing(name), `${what} as a form`);
      for (const nothing of [null, ''])
        expectRefusal(await api.json(path, { ...sent, [name]: nothing }), missing(name), what);
    }
  });

  for (const [name, values] of Object.entries(WRONG)) {
    it(`refuses a wrong ${name} at a registration by its name`, async () => {
      for (const value of [...NEVER, ...values]) {
        const answer = await api.register(api.person({ [name]: value }));
        expectRefusal(answer, invalid(name), `${name}: ${JSON.stringify(value)?.slice(0, 50)}`);
      }
    });
  }

  it('refuses a wrong parameter at a login and for a forgotten password by its name', async () => {
    const login = { email: newEmail(), password: PASSWORD };
    const user = { fb_token: 'x', fb_uid: '1' };
    for (const value of NEVER) {
      const what = JSON.stringify(value).slice(0, 50);
      for (const name of ['email', 'password', 'gcm_id'])
        expectRefusal(await api.login({ ...login, [name]: value }), invalid(name), `${name} ${what}`);
      for (const name of ['fb_token', 'fb_uid'])
        expectRefusal(await api.login({ ...user, [name]: value }), invalid(name), `${name} ${what}`);
      expectRefusal(await api.forgot({ email: value }), invalid('email'), what);
    }
    expectRefusal(await api.forgot({ email: 'nobody' }), invalid('email'), 'nobody');
  });

  it('refuses a parameter that comes twice, and what a form cannot hold', async () => {
    const post = (body: string): Promise<Answer> =>
      api.call('POST', '/api/v2/auth/login', {
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const twice = `email=${newEmail()}&email=${newEmail()}&password=x`;
    expectRefusal(await post(twice), invalid('email'), 'twice');
    expectRefusal(await post('email=a%00@example.com&password=x'), invalid('email'), 'NUL');
    expectRefusal(await post('email=%ff@example.com&password=x'), invalid('email'), 'not UTF-8');
  });

  it('refuses what is no object, no JSON, of another type or too large', async () => {
    const post = (body: string, type = 'application/json'): Promise<Answer> =>
      api.call('POST', '/api/v2/auth/login', { body, headers: { 'content-type': type } });
    for (const body of ['[]', '[1]', '{', '7', '"x"', 'null', '{"__proto__":{}}']) {
      const answer = await post(body);
      expect(answer.status, body).to.equal(400);
      expect(answer.body.status, body).to.equal(0);
    }
    expect((await post('<a/>', 'application/xml')).status).to.equal(415);
    const large = await post(JSON.stringify({ email: 'x'.repeat(70_000) }));
    expect(large.status).to.equal(413);
    expect(large.body).to.deep.equal({ status: 0, error: 'The request is too large.' });
  });

  it('is refused in the words of the API also where the API does not get it', async () => {
    const answers = await early(server.url);
    expect(answers.map(({ status }) => status)).to.deep.equal([404, 400, 415]);
    for (const { body } of answers)
      expect(body).to.have.all.keys('status', 'error').and.include({ status: 0 });
  });

  it('takes numbers as numbers and as text', async () => {
    for (const id_location of [7, '7', 77, 1])
      expect((await api.registered({ id_location })).user.id_location).to.equal(Number(id_location));
    const sent = { longitude: -180, latitude: '+90', phone: 2123456 };
    const { id, user } = await api.registered(sent);
    expect(user.phone).to.equal('2123456');
    const account = await server.domain.accounts.find(id);
    expect(account?.profile).to.include({ longitude: -180, latitude: 90 });
    const tiny = await api.registered({ longitude: 1e-7, latitude: 0 });
    expect((await server.domain.accounts.find(tiny.id))?.profile).to.include({
      longitude: 1e-7,
      latitude: 0,
    });
  });

  it('takes an avatar at an https URL or a path, as it is', async () => {
    for (const avatar of [
      'https://cdn.example.com/a.jpg?s=1#x',
      '/avatars/a.jpg',
      'a/b-c_d~1.png',
      '/a%20b.jpg',
    ])
      expect((await api.registered({ avatar })).user.avatar).to.equal(avatar);
  });

  it('ignores what is not documented', async () => {
    const { id } = await api.registered({ id_user: 1, status: 'suspended', country: 'TH', constructor: 'x' });
    expect(await server.domain.accounts.find(id)).to.include({ status: 'active' });
  });
});
