import { expect } from 'chai';
import type { FreshServer } from '../../concurrency/fresh-server.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { moveClock } from '../../support/clock.ts';
import { authorizationUrl, BASIC_CLIENT, pkce, signInOnPages, tokenRequest } from '../../support/sign-in.ts';
import { codeServer, codeSteps, otherThan } from './code-steps.ts';
import { customersClient, newMobile, violationsOf } from './customers-client.ts';

const NEXT = 'another-horse-battery';

describe('Customers API: forgotten password', () => {
  let server: FreshServer;
  let api: ReturnType<typeof customersClient>;
  let steps: ReturnType<typeof codeSteps>;

  before(async () => {
    server = await codeServer();
    api = customersClient(server);
    steps = codeSteps(server);
  });

  after(() => server.leave());

  /** A customer who has received a code to reset the password. */
  async function forgetful() {
    const customer = await api.customer();
    await moveClock(server.database, 61);
    return { ...customer, code: await api.newCode(customer.mobile, 'reset') };
  }

  const signIn = (username: string, password: string, scope = 'global') =>
    tokenRequest(
      server.url,
      { grant_type: 'password', username, password, scope },
      { authorization: BASIC_CLIENT },
    );

  it('checks a code, then sets the password with it, once', async () => {
    const { mobile, code, password } = await forgetful();
    for (let time = 0; time < 3; time += 1) {
      const looked = await steps.verify(mobile, code);
      expect(looked.status).to.equal(200);
      expect(looked.body).to.equal('');
      expect(looked.headers.get('content-type')).to.equal(null);
    }
    const changed = await steps.reset(mobile, code, NEXT);
    expect(changed.status).to.equal(200);
    expect(changed.body).to.equal('');
    expect((await signIn(mobile, NEXT)).status).to.equal(200);
    expect((await signIn(mobile, String(password))).status).to.equal(400);
    expect(violationsOf(await steps.verify(mobile, code))).to.deep.equal({
      'verifyOtp.otpNumber': 'OTP-10040',
    });
    expect(violationsOf(await steps.reset(mobile, code, 'a-third-horse-battery'))).to.deep.equal({
      'changePassword.otpNumber': 'OTP-10040',
    });
  });

  it('takes the code of a request without a purpose, as JSON numbers too', async () => {
    const { mobile } = await api.customer();
    await moveClock(server.database, 61);
    const otpNumber = Number(await api.newCode(mobile));
    const answer = await api.post('/forgotpassword/changepassword', {
      mobile: Number(mobile),
      otpNumber,
      password: NEXT,
    });
    expect(answer.status).to.equal(200);
  });

  it('sets one password of twenty at once', async () => {
    const { mobile, code } = await forgetful();
    const passwords = Array.from({ length: 20 }, (_, index) => `${NEXT}-${index}`);
    const answers = await Promise.all(passwords.map((password) => steps.reset(mobile, code, password)));
    const right = passwords.filter((_, index) => answers[index]?.status === 200);
    expect(right).to.have.length(1);
    expect(answers.filter(({ status }) => status === 400)).to.have.length(19);
    expect((await signIn(mobile, right[0] ?? '')).status).to.equal(200);
  });

  it('kills every session and token', async () => {
    const { mobile, code, password, bearer } = await forgetful();
    const scope = 'openid offline_access global';
    const { body: tokens } = await signIn(mobile, String(password), scope);
    const browser = new BrowserAgent();
    const login = { login: mobile, password: String(password) };
    await signInOnPages(browser, authorizationUrl(server.url, pkce().challenge), login);
    const silent = async (): Promise<URLSearchParams> => {
      const url = authorizationUrl(server.url, pkce().challenge, { prompt: 'none' });
      const answer = await browser.request(url);
      return new URL(answer.headers.get('location') ?? '', server.url).searchParams;
    };
    const refresh = () =>
      tokenRequest(
        server.url,
        { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' },
        { authorization: BASIC_CLIENT },
      );
    expect((await api.call('GET', '/customers', { headers: bearer })).status).to.equal(200);
    expect((await silent()).has('code')).to.equal(true);
    expect((await refresh()).status).to.equal(200);

    expect((await steps.reset(mobile, code, NEXT)).status).to.equal(200);
    expect((await api.call('GET', '/customers', { headers: bearer })).status).to.equal(401);
    const second = { authorization: `Bearer ${tokens.access_token}` };
    expect((await api.call('GET', '/customers', { headers: second })).status).to.equal(401);
    expect((await silent()).get('error')).to.equal('login_required');
    expect((await refresh()).body.error).to.equal('invalid_grant');
  });

  it('tells the holder, without the password or the code', async () => {
    const { mobile, code, ...customer } = await forgetful();
    const email = String((customer as Record<string, unknown>).email);
    const notices = async (): Promise<string[]> =>
      (await steps.textsTo(email)).filter((text) => text.includes('มีการเปลี่ยนรหัสผ่าน'));
    expect(await notices()).to.deep.equal([]);
    await steps.reset(mobile, code, NEXT);
    const [notice = '', ...more] = await notices();
    expect(more).to.deep.equal([]);
    expect(notice).to.contain('รหัสผ่าน').and.to.not.contain(NEXT).and.to.not.contain(code);
  });

  it('refuses passwords that the policy refuses, and leaves the code alive', async () => {
    const { mobile, code } = await forgetful();
    for (const password of ['short', 'password', mobile, 'x'.repeat(1025)]) {
      const answer = await steps.reset(mobile, code, password);
      expect(answer.status, password.slice(0, 20)).to.equal(400);
      const [violation = ''] = Object.values(violationsOf(answer));
      expect(violation).to.match(/^(PWD|SIZ)-10080$/);
    }
    expect((await steps.reset(mobile, code, NEXT)).status).to.equal(200);
  });

  it('says only to a right code that a password is of the person', async () => {
    const { mobile, code, email } = await forgetful();
    for (const [number, otp] of [
      [mobile, otherThan(code)],
      [newMobile(), code],
    ] as const)
      expect(violationsOf(await steps.reset(number, otp, email))).to.deep.equal({
        'changePassword.otpNumber': 'OTP-10040',
      });
    expect(violationsOf(await steps.reset(mobile, code, email))).to.deep.equal({
      'changePassword.password': 'PWD-10080',
    });
  });

  it('answers for a number that nobody has as for a wrong code', async () => {
    const { mobile, code } = await forgetful();
    const free = newMobile();
    await steps.ask(free, {}, 'reset');
    for (const one of [steps.verify, (...of: [string, string]) => steps.reset(...of, NEXT)]) {
      const known = await one(mobile, otherThan(code));
      const unknown = await one(free, otherThan(code));
      expect(unknown.status).to.equal(400).and.to.equal(known.status);
      expect(unknown.body).to.deep.equal(known.body);
    }
  });

  it('names everything that is missing or wrong in form', async () => {
    expect(violationsOf(await api.post('/forgotpassword/verifyotp', {}))).to.deep.equal({
      'verifyOtp.otpNumber': 'REQ-10040',
      'verifyOtp.mobile': 'REQ-10070',
    });
    expect(violationsOf(await api.post('/forgotpassword/changepassword', { mobile: '081' }))).to.deep.equal({
      'changePassword.otpNumber': 'REQ-10040',
      'changePassword.mobile': 'SIZ-10070',
      'changePassword.password': 'REQ-10080',
    });
    const short = await steps.reset('081', '123456', 'short');
    expect(violationsOf(short)).to.deep.equal({
      'changePassword.mobile': 'SIZ-10070',
      'changePassword.password': 'PWD-10080',
    });
  });
});
