import { expect } from 'chai';
import { emailContact, newEmail, valueIn } from '../../domain/recovery/recovery-steps.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { hasPassword } from '../../support/has-password.ts';
import { checkAnswer } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { begin } from '../interaction-steps.ts';

const PASSWORD = 'correct-horse-battery';
const NEXT = 'another-horse-battery';

describe('the pages of a password reset', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  beforeEach(async () => {
    await forgetCounts(server.database);
  });

  after(() => server.stop());

  async function somebody() {
    const email = newEmail();
    const contacts = [emailContact(email, true)];
    const { id } = await server.domain.lifecycle.create({ password: PASSWORD, contacts });
    return { id, email };
  }

  async function newCode(email: string): Promise<string> {
    await server.domain.passwordReset.request({
      email,
      resetUri: '/reset-password',
      locale: 'en',
      origin: { address: '192.0.2.1' },
    });
    const [mail] = await server.domain.outbox.list({ to: email, limit: 1 });
    return valueIn(mail?.text, 'code');
  }

  async function opened(path: string, operation: string) {
    const agent = new BrowserAgent();
    const answer = await agent.request(server.url + path);
    const page = await answer.text();
    expect(answer.status, page).to.equal(200);
    checkAnswer(operation, answer.status, answer.headers, page);
    const press = (fields: Record<string, string>) => agent.submit('/reset-password', fields, page);
    return { agent, page, press };
  }

  const matches = (id: number, password: string): Promise<boolean> =>
    hasPassword(server.database, id, password);

  const OWN_PAGES = [
    ['/reset-password', 'resetPasswordLink'],
    ['/customers/do_reset', 'doResetLink'],
  ] as const;

  for (const [path, operation] of OWN_PAGES) {
    it(`set a password from the link at ${path}, once`, async () => {
      const { id, email } = await somebody();
      const code = await newCode(email);
      const { agent, page, press } = await opened(`${path}/${code}?lang=en`, operation);
      expect(page)
        .to.include('Set a new password')
        .and.not.match(/<input id="code"/);
      const twice = await Promise.all([1, 2].map(() => press({ login: email, password: NEXT })));
      expect(twice.map(({ status }) => status)).to.deep.equal([200, 200]);
      const answer = await press({ login: email, password: NEXT });
      expect(agent.location).to.equal(`${server.url}/reset-password/done`);
      const done = await answer.text();
      checkAnswer('resetPasswordDone', answer.status, answer.headers, done);
      expect(done).to.include('Your password has been changed').and.not.include(code);
      expect(await matches(id, NEXT)).to.equal(true);
      expect((await press({ login: email, password: 'yet-another-battery' })).status).to.equal(400);
      expect(await matches(id, NEXT)).to.equal(true);
    });

    it(`change nothing when programs open ${path}`, async () => {
      const { id, email } = await somebody();
      const code = await newCode(email);
      const account = await server.domain.accounts.find(id);
      for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
        const answer = await fetch(`${server.url}${path}/${code}`, {
          method,
          headers: { 'user-agent': 'Mail scanner' },
        });
        expect(answer.status).to.equal(200);
        expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
        expect(answer.headers.get('cache-control')).to.equal('no-store');
      }
      expect(await server.domain.accounts.find(id)).to.deep.equal(account);
      const { press } = await opened(`${path}/${code}`, operation);
      expect((await press({ login: email, password: NEXT })).status).to.equal(200);
      expect(await matches(id, NEXT)).to.equal(true);
    });
  }

  it('say that it is done, and lead back to where the sign-in begins again', async () => {
    const { email } = await somebody();
    const { agent, uid } = await begin(server, { ui_locales: 'en' });
    const forgot = await agent.request(`${server.url}/interaction/${uid}/forgot-password`);
    await agent.submit(`/interaction/${uid}/forgot-password`, { login: email }, await forgot.text());
    const [mail] = await server.domain.outbox.list({ to: email, limit: 1 });
    const [link = ''] = /http\S+/.exec(mail?.text ?? '') ?? [];
    const form = await (await agent.request(`${link}&lang=en`)).text();
    const done = await agent.submit('/reset-password', { login: email, password: NEXT }, form);
    expect(agent.location).to.match(/\/reset-password\/done\?resume=/);
    const page = await done.text();
    expect(page).to.include('Your password has been changed');
    const [, next = ''] = /class="button primary" href="([^"]+)"/.exec(page) ?? [];
    expect(next).to.include('/oauth/authorize?').and.include('ui_locales=en');
    const login = await agent.follow(new URL(next.replaceAll('&amp;', '&'), server.url).href);
    expect(await login.text()).to.include('name="password"');
    const forged = await agent.request(`${server.url}/reset-password/done?resume=https://evil.example`);
    expect(await forged.text()).to.include('class="button primary" href="/account"');
  });

  it('have a code mailed, and take it with the address', async () => {
    const { id, email } = await somebody();
    const agent = new BrowserAgent();
    const answer = await agent.request(`${server.url}/reset-password/request?lang=en`);
    const page = await answer.text();
    checkAnswer('requestResetPage', answer.status, answer.headers, page);
    const sent = await agent.submit('/reset-password/request', { login: ` ${email} ` }, page);
    expect(agent.location).to.equal(`${server.url}/reset-password?sent=yes`);
    const form = await sent.text();
    checkAnswer('resetPasswordPage', sent.status, sent.headers, form);
    expect(form)
      .to.include('we have sent it a code')
      .and.match(/<input id="code"/);
    const [mail] = await server.domain.outbox.list({ to: email, limit: 1 });
    expect(mail?.text).to.include('valid for 30 minutes');
    const code = valueIn(mail?.text, 'code').toLowerCase();
    const done = await agent.submit(
      '/reset-password',
      { login: email, code: ` ${code} `, password: NEXT },
      form,
    );
    expect([done.status, agent.location]).to.deep.equal([200, `${server.url}/reset-password/done`]);
    expect(await matches(id, NEXT)).to.equal(true);
  });

  it('respond alike to a person who requests an unregistered address', async () => {
    const { email } = await somebody();
    const answers = [];
    for (const login of [email, newEmail()]) {
      const agent = new BrowserAgent();
      const page = await (await agent.request(`${server.url}/reset-password/request`)).text();
      const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
      const body = new URLSearchParams({ csrf, login, locale: 'en' });
      const answer = await agent.request('/reset-password/request', { method: 'POST', body });
      answers.push([answer.status, answer.headers.get('location')]);
    }
    expect(answers[0]).to.deep.equal([303, '/reset-password?sent=yes']);
    expect(answers[1]).to.deep.equal(answers[0]);
  });

  it('are shown again for what can be put right, and keep the code meanwhile', async () => {
    const { id, email } = await somebody();
    const code = await newCode(email);
    const { agent, page, press } = await opened(`/reset-password/${code}?lang=en`, 'resetPasswordLink');
    for (const [fields, words] of [
      [{ login: '', password: '' }, 'Enter your e-mail address.'],
      [{ login: 'nobody', password: NEXT }, 'This is not a valid e-mail address.'],
      [{ login: `${email},evil@example.com`, password: NEXT }, 'This is not a valid e-mail address.'],
      [{ login: email, password: 'short' }, 'The password is too short.'],
      [{ login: email, password: 'password' }, 'This password is too common. Choose another one.'],
    ] as const) {
      const answer = await press(fields);
      const shown = await answer.text();
      expect(answer.status, words).to.equal(400);
      expect(shown)
        .to.include(words)
        .and.include(`name="code" value="${code}"`)
        .and.not.match(/id="code"/);
      checkAnswer('resetPassword', answer.status, answer.headers, shown);
    }
    const wrong = await press({ login: newEmail(), password: NEXT });
    const shown = await wrong.text();
    expect(wrong.status).to.equal(400);
    expect(shown)
      .to.include('does not match the e-mail address')
      .and.match(/<input id="code"/);
    expect(await matches(id, PASSWORD)).to.equal(true);
    await agent.submit('/reset-password', { login: email, password: NEXT }, page);
    expect(await matches(id, NEXT)).to.equal(true);
  });

  it('let ten wrong codes an hour be tried', async () => {
    const { id, email } = await somebody();
    const code = await newCode(email);
    const { press } = await opened(`/reset-password/${code}`, 'resetPasswordLink');
    const guesses = Array.from({ length: 10 }, () => press({ login: newEmail(), password: NEXT }));
    expect((await Promise.all(guesses)).map(({ status }) => status)).to.deep.equal(Array(10).fill(400));
    const limited = await press({ login: email, password: NEXT });
    expect(limited.status).to.equal(429);
    checkAnswer('resetPassword', limited.status, limited.headers, await limited.text());
    expect(await matches(id, NEXT)).to.equal(false);
  });

  it('refuse forms that did not come from them', async () => {
    const { id, email } = await somebody();
    const code = await newCode(email);
    const post = (path: string, fields: Record<string, string>) =>
      fetch(server.url + path, { method: 'POST', body: new URLSearchParams(fields) });
    const fields = { login: email, code, password: NEXT };
    expect((await post('/reset-password', fields)).status).to.equal(403);
    expect((await post('/reset-password', { ...fields, csrf: 'made-up' })).status).to.equal(403);
    expect((await post('/reset-password/request', { login: email })).status).to.equal(403);
    expect(await matches(id, PASSWORD)).to.equal(true);
    expect(await server.domain.outbox.list({ to: email, limit: 10 })).to.have.length(1);
  });

  it('accept no damaged link and no other spelling of their paths', async () => {
    for (const [path, status] of [
      ['/reset-password/abc', 400],
      [`/reset-password/${'A'.repeat(65)}`, 400],
      ['/customers/do_reset/%00', 400],
      ['/customers/do_reset/%E0%A4%A', 400],
      ['/reset-password/', 404],
      ['/Reset-Password', 404],
      ['/reset-password/ABC/', 404],
    ] as const)
      expect((await fetch(server.url + path)).status, path).to.equal(status);
  });
});
