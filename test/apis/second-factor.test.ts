import { expect } from 'chai';
import { checkAnswer } from '../support/openapi.ts';
import { BASIC_CLIENT } from '../support/sign-in.ts';
import { enrolApp } from '../support/totp.ts';
import { newEmail, newFacebookUser, PASSWORD } from './keys/keys-client.ts';
import { type KeysServer, keysServer } from './keys/keys-server.ts';

const NEEDED =
  'This account needs a second factor. Use the authorization code flow: the sign-in page asks for it.';
const FORM = 'application/x-www-form-urlencoded';

interface Login {
  email: string;
  password?: string;
}

/** The sign-ins that are a single request: their response on success, and the one when a second factor is needed. */
const LOGINS = {
  'the password grant': {
    path: '/oauth/token',
    type: FORM,
    headers: { authorization: BASIC_CLIENT },
    body: ({ email, password = PASSWORD }: Login) =>
      String(new URLSearchParams({ grant_type: 'password', username: email, password })),
    gives: 'access_token',
    needed: { error: 'interaction_required', error_description: NEEDED },
    wrong: 400,
  },
  'the Self-service login': {
    path: '/customers/login',
    type: 'application/json',
    headers: {},
    body: ({ email, password = PASSWORD }: Login) => JSON.stringify({ email, password }),
    gives: 'token',
    needed: { error: 'interaction_required', message: NEEDED },
    wrong: 401,
  },
  'the Keys login': {
    path: '/api/v2/auth/login',
    type: FORM,
    headers: {},
    body: ({ email, password = PASSWORD }: Login) => String(new URLSearchParams({ email, password })),
    gives: 'key',
    needed: { status: 0, error: 'Your account needs a second factor. Sign in on the sign-in page.' },
    wrong: 401,
  },
} as const;

type LoginName = keyof typeof LOGINS;
const NAMES = Object.keys(LOGINS) as LoginName[];

async function post(url: string, path: string, init: { body: string; headers: Record<string, string> }) {
  const answer = await fetch(url + path, { method: 'POST', ...init });
  const text = await answer.text();
  checkAnswer(`POST ${path}`, answer.status, answer.headers, text);
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text) };
}

function logIn(url: string, name: LoginName, login: Login) {
  const { path, type, headers, body } = LOGINS[name];
  return post(url, path, { body: body(login), headers: { 'content-type': type, ...headers } });
}

async function customerOf({ domain }: Pick<KeysServer, 'domain'>) {
  const email = newEmail();
  const { id } = await domain.lifecycle.create({
    password: PASSWORD,
    profile: { firstName: 'Test', lastName: 'Name', locale: 'en' },
    contacts: [{ kind: 'email', value: email, verified: true }],
  });
  return { id, email };
}

describe('APIs and accounts with a second factor', () => {
  let server: KeysServer;
  before(async () => {
    server = await keysServer();
  });
  after(() => server.stop());

  const eventsOf = (accountId: number) =>
    server.database
      .knex('audit')
      .where({ account_id: accountId })
      .where('event', 'like', 'sign_in.%')
      .orderBy('id')
      .select('event', 'reason');

  for (const name of NAMES) {
    const { gives, needed, wrong } = LOGINS[name];

    it(`${name} refuses the password alone, and accepts it without a second factor`, async () => {
      const { id, email } = await customerOf(server);
      expect((await logIn(server.url, name, { email })).body[gives]).to.be.a('string');
      await enrolApp(server.domain, id);
      const { status, body, headers } = await logIn(server.url, name, { email });
      expect(status).to.equal(400);
      expect(body).to.deep.equal(needed);
      expect(headers.get('www-authenticate')).to.equal(null);
      const [app] = (await server.domain.secondFactors.list(id)).authenticators;
      await server.domain.secondFactors.remove(id, app?.id ?? '');
      expect((await logIn(server.url, name, { email })).body[gives]).to.be.a('string');
    });

    it(`${name} tells nobody without the password that there is a second factor`, async () => {
      const [plain, enrolled] = [await customerOf(server), await customerOf(server)];
      await enrolApp(server.domain, enrolled.id);
      const answers = [];
      for (const email of [plain.email, enrolled.email, newEmail()])
        answers.push(await logIn(server.url, name, { email, password: 'not-the-password' }));
      for (const { status, body } of answers) {
        expect(status).to.equal(wrong);
        expect(body).to.deep.equal(answers[0]?.body);
      }
    });

    it(`${name} does not count a right password as an attempt`, async () => {
      const { id, email } = await customerOf(server);
      await enrolApp(server.domain, id);
      for (let round = 0; round < 11; round += 1)
        expect((await logIn(server.url, name, { email })).status).to.equal(400);
      const failed = await logIn(server.url, name, { email, password: 'not-the-password' });
      expect(failed.status).to.equal(wrong);
      expect(failed.body).to.not.deep.equal(needed);
    });
  }

  it('issues nothing, and signs no account in', async () => {
    const { id, email } = await customerOf(server);
    await enrolApp(server.domain, id);
    for (const name of NAMES) await logIn(server.url, name, { email });
    expect(await eventsOf(id)).to.deep.equal(
      NAMES.map(() => ({ event: 'sign_in.refused', reason: 'second_factor_missing' })),
    );
    const { knex } = server.database;
    expect(await knex('sign_in_origins').where({ account_id: id })).to.deep.equal([]);
    expect(await knex('records').where({ account_id: id })).to.deep.equal([]);
  });

  it('counts wrong passwords for all of them together, and then refuses the right one as well', async () => {
    const { id, email } = await customerOf(server);
    await enrolApp(server.domain, id);
    for (let round = 0; round < 10; round += 1) {
      const name = NAMES[round % NAMES.length] as LoginName;
      await logIn(server.url, name, { email, password: `wrong ${round}` });
    }
    for (const name of NAMES) expect((await logIn(server.url, name, { email })).status, name).to.equal(429);
  });

  it('an app that was begun and never confirmed is no second factor', async () => {
    const { id, email } = await customerOf(server);
    await server.domain.secondFactors.begin(id, 'Phone');
    for (const name of NAMES) expect((await logIn(server.url, name, { email })).status, name).to.equal(200);
  });

  it('the Keys login refuses Facebook alone, and Facebook beside the password', async () => {
    const user = newFacebookUser();
    const { id, email } = await customerOf(server);
    await server.domain.bindings.set(id, { provider: 'facebook', externalId: user, status: 'active' });
    const withFacebook = (more: Record<string, string> = {}) =>
      post(server.url, '/api/v2/auth/login', {
        body: String(new URLSearchParams({ fb_token: server.graph.token(user), fb_uid: user, ...more })),
        headers: { 'content-type': FORM },
      });
    expect((await withFacebook()).status).to.equal(200);
    await enrolApp(server.domain, id);
    const proofs: Record<string, string>[] = [{}, { email, password: PASSWORD }];
    for (const more of proofs) {
      const { status, body } = await withFacebook(more);
      expect(status).to.equal(400);
      expect(body).to.deep.equal(LOGINS['the Keys login'].needed);
    }
  });

  it('leaves tokens alone that were given out before', async () => {
    const { id, email } = await customerOf(server);
    const { body } = await logIn(server.url, 'the Self-service login', { email });
    await enrolApp(server.domain, id);
    const answer = await fetch(`${server.url}/customers/self`, {
      headers: { authorization: `Bearer ${body.token}` },
    });
    expect(answer.status).to.equal(200);
  });

  for (const secondFactor of [{ passwordGrant: 'allow' }, { policy: 'off' }] as const)
    it(`accepts the password alone with secondFactor ${JSON.stringify(secondFactor)}`, async () => {
      const base = server.config.secondFactor;
      const lenient = await keysServer({ secondFactor: { ...base, ...secondFactor } });
      const { id, email } = await customerOf(lenient);
      await enrolApp(lenient.domain, id);
      for (const name of NAMES) {
        const { status, body } = await logIn(lenient.url, name, { email });
        expect(status, name).to.equal(200);
        expect(body[LOGINS[name].gives]).to.be.a('string');
      }
      await lenient.stop();
    });
});
