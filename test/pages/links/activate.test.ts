import { expect } from 'chai';
import { newEmail, valueIn } from '../../domain/recovery/recovery-steps.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { checkAnswer } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const PASSWORD = 'correct-horse-battery';
const origin = { address: '2001:db8::1' };

describe('the activation page', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  beforeEach(async () => {
    await forgetCounts(server.database);
  });

  after(() => server.stop());

  /** A sign-up, with the link that was mailed for it. */
  async function signedUp() {
    const email = newEmail();
    await server.domain.activation.signUp({ email, name: 'Malee Sukjai', locale: 'en', origin });
    const [mail] = await server.domain.outbox.list({ to: email, limit: 1 });
    const link = /http\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    const values = { identifier: valueIn(mail?.text, 'identifier'), secret: valueIn(mail?.text, 'secret') };
    return { email, link, values };
  }

  const statusOf = async (email: string): Promise<string> =>
    (
      await server.database
        .knex('accounts')
        .join('contacts', 'contacts.account_id', 'accounts.id')
        .where({ key: email })
        .first('status')
    ).status;

  async function opened(link: string) {
    const agent = new BrowserAgent();
    const answer = await agent.request(link);
    const page = await answer.text();
    checkAnswer('activatePage', answer.status, answer.headers, page);
    return {
      agent,
      page,
      press: (fields: Record<string, string>) => agent.submit('/activate', fields, page),
    };
  }

  const alertOf = async (answer: Response): Promise<string> =>
    /role="alert"[\s\S]*?<\/div>/.exec(await answer.text())?.[0].replaceAll(/<[^>]+>/g, ' ') ?? '';

  it('says whose address it is, and changes nothing when programs open it', async () => {
    const { email, link } = await signedUp();
    for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
      const answer = await fetch(link, {
        method,
        headers: { 'user-agent': 'Mail scanner', accept: 'text/html' },
      });
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      if (method === 'GET') expect(await answer.text()).to.include(email);
    }
    expect(await statusOf(email)).to.equal('pending');
  });

  it('is in both languages, and asks for the password twice', async () => {
    const { link } = await signedUp();
    const thai = (await opened(link)).page;
    expect(thai).to.include('<html lang="th">').and.include('เปิดใช้งานบัญชีของคุณ');
    const english = (await opened(`${link}&lang=en`)).page;
    expect(english).to.include('Activate your account');
    expect(english.match(/autocomplete="new-password"/g)).to.have.length(2);
    expect(english.match(/class="primary"/g)).to.have.length(1);
  });

  it('makes the account active by its button, once, and says so without the secret', async () => {
    const { email, link, values } = await signedUp();
    const { agent, press } = await opened(`${link}&lang=en`);
    const both = { password: PASSWORD, password_check: PASSWORD };
    const twice = await Promise.all([press(both), press(both)]);
    expect(twice.map(({ status }) => status)).to.deep.equal([200, 200]);
    const answer = await press(both);
    expect(agent.location).to.equal(`${server.url}/activate/done`);
    const done = await answer.text();
    expect(done).to.include('Your account is active').and.not.include(values.secret);
    checkAnswer('activateDone', answer.status, answer.headers, done);
    expect(await statusOf(email)).to.equal('active');
    const signIn = server.domain.passwordAuthenticator.verify({
      identifier: email,
      password: PASSWORD,
      origin,
    });
    expect(await signIn).to.include({ status: 'active' });
    const again = await press({ password: 'another-horse-battery', password_check: 'another-horse-battery' });
    expect(again.status).to.equal(400);
    expect(await again.text()).to.include('The link no longer works');
    expect((await fetch(link)).status).to.equal(400);
  });

  it('is shown again for what can be put right', async () => {
    const { email, link } = await signedUp();
    const { press } = await opened(`${link}&lang=en`);
    for (const [fields, words] of [
      [{}, 'Enter your password. Enter the new password again.'],
      [{ password: PASSWORD, password_check: '' }, 'Enter the new password again.'],
      [{ password: PASSWORD, password_check: `${PASSWORD}!` }, 'The passwords do not match.'],
      [{ password: 'short', password_check: 'short' }, 'The password is too short.'],
      [{ password: email, password_check: email }, 'must not be your name'],
    ] as const) {
      const answer = await press(fields);
      expect(answer.status).to.equal(400);
      expect((await alertOf(answer)).replaceAll(/\s+/g, ' ')).to.include(words);
    }
    expect(await statusOf(email)).to.equal('pending');
  });

  it('refuses a form that did not come from it, and a damaged one', async () => {
    const { email, values } = await signedUp();
    const post = (fields: Record<string, string>, agent = new BrowserAgent()) =>
      agent.request(`${server.url}/activate`, { method: 'POST', body: new URLSearchParams(fields) });
    const passwords = { password: PASSWORD, password_check: PASSWORD };
    expect((await post({ ...values, ...passwords })).status).to.equal(403);
    expect((await post({ ...values, ...passwords, csrf: 'made-up' })).status).to.equal(403);
    expect(await statusOf(email)).to.equal('pending');
  });

  it('answers every wrong link alike, ten times an hour', async () => {
    const { link, values } = await signedUp();
    const { identifier, secret } = values;
    const queries = [
      '',
      `?identifier=${identifier}`,
      `?identifier=${identifier}&secret=`,
      `?identifier=${identifier}&secret=${secret}&secret=${secret}`,
      `?identifier=${identifier}&secret=${secret}A`,
      `?identifier=${'a'.repeat(65)}&secret=${secret}`,
      `?identifier=nobody&secret=${secret}`,
    ];
    for (const query of queries) {
      const answer = await fetch(`${server.url}/activate${query}`, { headers: { accept: 'text/html' } });
      const page = await answer.text();
      expect([answer.status, /<h1>([^<]+)/.exec(page)?.[1]], query).to.deep.equal([400, 'ลิงก์นี้ใช้ไม่ได้แล้ว']);
      checkAnswer('activatePage', answer.status, answer.headers, page);
    }
    const wrong = `${server.url}/activate?identifier=nobody&secret=AAAAAAAAAA`;
    for (let time = 0; time < 9; time += 1) await fetch(wrong);
    const limited = await fetch(link, { headers: { accept: 'text/html' } });
    expect(limited.status).to.equal(429);
    checkAnswer('activatePage', limited.status, limited.headers, await limited.text());
  });
});
