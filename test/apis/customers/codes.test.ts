import { expect } from 'chai';
import type { FreshServer } from '../../concurrency/fresh-server.ts';
import { moveClock } from '../../support/clock.ts';
import { codeServer, codeSteps, otherThan } from './code-steps.ts';
import { type Answer, customersClient, newMobile, violationsOf } from './customers-client.ts';

describe('Customers API: one-time codes', () => {
  let server: FreshServer;
  let api: ReturnType<typeof customersClient>;
  let steps: ReturnType<typeof codeSteps>;

  before(async () => {
    server = await codeServer();
    api = customersClient(server);
    steps = codeSteps(server);
  });

  after(() => server.leave());

  const register = async (body: Record<string, unknown>): Promise<Answer> =>
    api.post('/customers/register', body);

  /** Moves the clock beyond the minute after which the number may have another code. */
  const later = (): Promise<void> => moveClock(server.database, 61);

  /** A registered number that may have another code now. */
  async function takenMobile(): Promise<string> {
    const { mobile } = await api.customer();
    await later();
    return mobile;
  }

  it('come for a form and for JSON, and the answer is the same for everybody', async () => {
    const known = await takenMobile();
    const form = await api.call('POST', '/otp/request', {
      body: new URLSearchParams({ mobile: newMobile(), purpose: 'register' }),
    });
    const answers = [form, await steps.ask(newMobile()), await steps.ask(known)];
    for (const { status, body } of answers) {
      expect(status).to.equal(200);
      expect(Object.keys(body)).to.deep.equal(['reference', 'expiresIn', 'resendAfter']);
      expect(body).to.include({ expiresIn: 300, resendAfter: 60 });
      expect(body.reference).to.match(/^[A-Z2-9]{4}$/);
    }
  });

  it('are read from JSON whatever its type says', async () => {
    const mobile = newMobile();
    const answer = await api.call('POST', '/otp/request', {
      body: ` {"mobile":"${mobile}"}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).to.equal(200);
    expect(await steps.textsTo(mobile)).to.have.length(1);
  });

  const SAID = {
    register: 'to sign up',
    change_mobile: 'to change your Pratu mobile number',
    reset: 'to reset your Pratu password',
    login: 'to sign in',
  } as const;

  for (const [purpose, words] of Object.entries(SAID)) {
    it(`say that they are ${words}, and who may have them only`, async () => {
      const isForHolders = purpose === 'reset' || purpose === 'login';
      const known = await takenMobile();
      for (const mobile of [known, newMobile()]) {
        const before = (await steps.textsTo(mobile)).length;
        const { status, body } = await steps.ask(mobile, { 'accept-language': 'en' }, purpose);
        expect(status).to.equal(200);
        const texts = await steps.textsTo(mobile);
        const gets = isForHolders === (mobile === known);
        const tells = purpose === 'register' && mobile === known;
        expect(texts.length - before).to.equal(gets || tells ? 1 : 0);
        if (gets) {
          expect(texts[0]).to.match(/^\d{6} is your code /);
          expect(texts[0]).to.contain(words).and.to.contain(`ref. ${body.reference}`);
          expect(texts[0])
            .to.contain('5 minutes')
            .and.to.not.match(/https?:|www\./);
        }
        if (tells) expect(texts[0]).to.contain('already has an account').and.to.not.match(/\d{4}/);
      }
    });
  }

  it('come in Thai unless English is requested', async () => {
    const mobile = newMobile();
    const { body } = await steps.ask(mobile);
    const [text = ''] = await steps.textsTo(mobile);
    expect(text).to.match(/^\d{6} รหัสสมัครสมาชิก/);
    expect(text).to.contain(`(${body.reference})`).and.to.contain('5 นาที');
  });

  it('go to Thai mobiles only', async () => {
    const refused = {
      'fixed line': '0212345678',
      'short code': '1112',
      'foreign mobile': '+447912345678',
      'foreign mobile without a plus': '447912345678',
      'premium rate': '1900123456',
      'not a number': 'abc',
      'two numbers': '0812345679,0812345670',
      'a number and a word': '0812345679x1',
    };
    for (const [what, mobile] of Object.entries(refused)) {
      const answer = await steps.ask(mobile);
      expect(answer.status, what).to.equal(400);
      expect(Object.keys(violationsOf(answer)), what).to.deep.equal(['request.mobile']);
    }
    const messages = await server.domain.outbox.list({ limit: 200 });
    expect(messages.filter(({ to }) => !/^\+66[689]|@/.test(to))).to.deep.equal([]);
  });

  it('are refused with the right words when number or purpose is wrong', async () => {
    expect(violationsOf(await steps.ask('08123'))).to.deep.equal({ 'request.mobile': 'SIZ-10070' });
    expect(violationsOf(await api.post('/otp/request', {}))).to.deep.equal({ 'request.mobile': 'REQ-10070' });
    const both = await steps.ask('abcdefghij', {}, 'anything');
    expect(Object.keys(violationsOf(both))).to.deep.equal(['request.mobile', 'request.purpose']);
  });

  it('may be asked for and typed as JSON numbers', async () => {
    const mobile = newMobile();
    expect((await api.post('/otp/request', { mobile: Number(mobile) })).status).to.equal(200);
    const otpNumber = Number(await api.codeSentTo(mobile));
    const body = await api.person({ mobile, otpNumber });
    expect((await register({ ...body, mobile: Number(mobile) })).status).to.equal(200);
  });

  it('replace the older one', async () => {
    const mobile = newMobile();
    const older = await api.newCode(mobile);
    await later();
    const newer = await api.newCode(mobile);
    const body = await api.person({ mobile, otpNumber: older });
    if (older !== newer) expect((await register(body)).status).to.equal(400);
    expect((await register({ ...body, otpNumber: newer })).status).to.equal(200);
  });

  it('die after five minutes', async () => {
    const [young, old] = await Promise.all([api.person(), api.person()]);
    await moveClock(server.database, 240);
    expect((await register(young)).status).to.equal(200);
    await moveClock(server.database, 61);
    expect(violationsOf(await register(old))).to.deep.equal({ 'register.otpNumber': 'OTP-10040' });
  });

  it('allow four wrong attempts, and end with the fifth', async () => {
    for (const [tries, status] of [
      [4, 200],
      [5, 400],
    ] as const) {
      const body = await api.person();
      for (let step = 1; step <= tries; step += 1) {
        const wrong = await register({ ...body, otpNumber: otherThan(String(body.otpNumber), step) });
        expect(wrong.status).to.equal(400);
      }
      expect((await register(body)).status, `${tries} wrong`).to.equal(status);
    }
  });

  it('answer ten times when they are right', async () => {
    const body = await api.person();
    for (let time = 1; time <= 10; time += 1)
      expect((await api.post('/customers/pre-register', body)).status).to.equal(200);
    expect(violationsOf(await register(body))).to.deep.equal({ 'register.otpNumber': 'OTP-10040' });
  });

  it('do not work for another purpose', async () => {
    const free = newMobile();
    const forRegistration = await api.newCode(free, 'register');
    const refused = await steps.reset(free, forRegistration, 'another-horse-battery');
    expect(violationsOf(refused)).to.deep.equal({ 'changePassword.otpNumber': 'OTP-10040' });
    const known = await takenMobile();
    const forSignIn = await api.newCode(known, 'login');
    expect((await steps.verify(known, forSignIn)).status).to.equal(400);
    const body = await api.person();
    await later();
    const forChange = await api.newCode(String(body.mobile), 'change_mobile');
    const registering = await register({ ...body, otpNumber: forChange });
    expect(violationsOf(registering)).to.deep.equal({ 'register.otpNumber': 'OTP-10040' });
  });

  it('are useless for another number', async () => {
    const [one, other] = [newMobile(), newMobile()];
    const code = await api.newCode(one);
    const body = await api.person({ mobile: other });
    if (body.otpNumber === code) return;
    expect((await register({ ...body, otpNumber: code })).status).to.equal(400);
  });

  it('tell the holder of a number that it is taken, and remain valid', async () => {
    const taken = await takenMobile();
    const code = await api.newCode(taken, 'reset');
    const body = await api.person({ mobile: taken, otpNumber: code });
    const registering = await register(body);
    expect(registering.status).to.equal(409);
    expect(violationsOf(registering)).to.deep.equal({ 'register.mobile': 'DUP-10070' });

    const mover = await api.customer();
    const move = { mobile: taken, otpNumber: code, password: mover.password };
    const moving = await api.post('/update-mobile', move, mover.bearer);
    expect(moving.status).to.equal(409);
    expect(violationsOf(moving)).to.deep.equal({ 'updateMobile.mobile': 'DUP-10070' });
    expect((await steps.reset(taken, code, 'another-horse-battery')).status).to.equal(200);
  });

  it('are requested at one path and its slash, nowhere else', async () => {
    const mobile = newMobile();
    for (const path of ['//otp/request', '/OTP/request', '/%6ftp/request', '/otp/request//', '/otp//request'])
      expect((await api.post(path, { mobile })).status, path).to.equal(404);
    expect(await steps.textsTo(mobile)).to.deep.equal([]);
    expect((await api.post('/otp/request/', { mobile })).status).to.equal(200);
    expect((await api.post('/otp/request', { mobile })).status).to.equal(429);
  });
});
