import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type Answer, bearer, customersClient, newMobile, violationsOf } from './customers-client.ts';
import { linkTo, messagesTo, pressOn } from './mails.ts';

describe('Customers API: POST /update-mobile', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;
  let known: Awaited<ReturnType<typeof api.customer>>;
  let fresh: string;

  before(async () => {
    server = await testServer();
    api = customersClient(server);
  });
  beforeEach(async () => {
    known = await api.customer();
    fresh = newMobile();
  });

  const update = (body: unknown, headers = known.bearer): Promise<Answer> =>
    api.post('/update-mobile', body, headers);
  const signsIn = async (mobile: string): Promise<boolean> =>
    (await api.signIn(mobile, known.password)).status === 200;

  it('puts a proved number in place of the old one', async () => {
    const { body: before } = await api.call('GET', '/customers', { headers: known.bearer });
    const { status, body } = await update({ mobile: fresh, otpNumber: await api.newCode(fresh) });
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ ...before, mobile: fresh });
    expect(await signsIn(fresh)).to.equal(true);
    expect(await signsIn(known.mobile)).to.equal(false);
  });

  it('takes numbers that lost their zeros', async () => {
    const otpNumber = Number(await api.newCode(fresh, 'change_mobile'));
    const { status, body } = await update({ mobile: Number(fresh), otpNumber });
    expect(status).to.equal(200);
    expect(body.mobile).to.equal(fresh);
  });

  it('frees the old number for someone else', async () => {
    await update({ mobile: fresh, otpNumber: await api.newCode(fresh) });
    const { rows } = await server.database.knex.raw(
      'select count(*)::int as n from contacts where value = ?',
      [`+66${known.mobile.slice(1)}`],
    );
    expect(rows[0].n).to.equal(0);
  });

  it('tells the old number by SMS and the verified e-mail by mail', async () => {
    await pressOn(await linkTo(server, known.email, '/verify-email'));
    await update({ mobile: fresh, otpNumber: await api.newCode(fresh) });
    const [sms] = await messagesTo(server, known.mobile);
    expect(sms).to.include({ channel: 'sms' });
    expect(sms?.text).to.match(/เปลี่ยน/);
    const [mail] = await messagesTo(server, known.email);
    expect(mail).to.include({ channel: 'mail' });
    expect(mail?.subject).to.match(/เบอร์มือถือ|หมายเลขโทรศัพท์มือถือ|เบอร์/);
  });

  it('kills every other token; this one and its refresh token stay', async () => {
    const { body: other } = await api.signIn(known.mobile, known.password);
    await update({ mobile: fresh, otpNumber: await api.newCode(fresh) });
    const call = (token: string) => api.call('GET', '/customers', { headers: bearer(token) });
    expect((await call(other.access_token)).status).to.equal(401);
    expect((await api.refresh(other.refresh_token)).status).to.equal(400);
    expect((await call(known.accessToken)).status).to.equal(200);
    expect((await api.refresh(known.refreshToken)).status).to.equal(200);
  });

  describe('the password', () => {
    const needed = { 'updateMobile.password': 'REQ-10080' };

    it('that is empty is one that was supplied, also with a fresh token', async () => {
      const otpNumber = await api.newCode(fresh);
      const empty = await update({ mobile: fresh, otpNumber, password: '' });
      expect(empty.status).to.equal(400);
      expect(violationsOf(empty)).to.deep.equal(needed);
      expect((await update({ mobile: fresh, otpNumber })).status).to.equal(200);
    });

    it('is not needed within five minutes of a sign-in with it', async () => {
      await moveClock(server.database, 290);
      const { status } = await update({ mobile: fresh, otpNumber: await api.newCode(fresh) });
      expect(status).to.equal(200);
    });

    it('is verified whenever it is supplied: a wrong one is refused and counted, however fresh the token', async () => {
      const otpNumber = await api.newCode(fresh);
      for (let tries = 0; tries < 10; tries += 1) {
        const wrong = await update({ mobile: fresh, otpNumber, password: 'wrong-password' });
        expect(wrong.status).to.equal(400);
        expect(violationsOf(wrong)).to.deep.equal({ 'updateMobile.password': 'PWD-10080' });
      }
      expect((await update({ mobile: fresh, otpNumber, password: known.password })).status).to.equal(429);
      expect((await update({ mobile: fresh, otpNumber })).status).to.equal(200);
    });

    it('is needed later', async () => {
      await moveClock(server.database, 302);
      const otpNumber = await api.newCode(fresh);
      for (const password of [undefined, null, '']) {
        const refused = await update({ mobile: fresh, otpNumber, password });
        expect(refused.status).to.equal(400);
        expect(violationsOf(refused)).to.deep.equal(needed);
      }
      const wrong = await update({ mobile: fresh, otpNumber, password: 'wrong-password' });
      expect(wrong.status).to.equal(400);
      expect(violationsOf(wrong)).to.deep.equal({ 'updateMobile.password': 'PWD-10080' });
      expect((await update({ mobile: fresh, otpNumber, password: known.password })).status).to.equal(200);
    });

    it('is needed with a token that was refreshed', async () => {
      const { body } = await api.refresh(known.refreshToken);
      const otpNumber = await api.newCode(fresh);
      const refused = await update({ mobile: fresh, otpNumber }, bearer(body.access_token));
      expect(violationsOf(refused)).to.deep.equal(needed);
    });
  });

  it('refuses a wrong code, and changes nothing', async () => {
    const right = await api.newCode(fresh);
    const otpNumber = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
    const refused = await update({ mobile: fresh, otpNumber });
    expect(refused.status).to.equal(400);
    expect(violationsOf(refused)).to.deep.equal({ 'updateMobile.otpNumber': 'OTP-10040' });
    expect(await signsIn(known.mobile)).to.equal(true);
    expect((await update({ mobile: fresh, otpNumber: right })).status).to.equal(200);
  });

  it('refuses a code of another number, and a code that was used', async () => {
    const otpNumber = await api.newCode(fresh);
    const elsewhere = newMobile();
    const other = await update({ mobile: elsewhere, otpNumber });
    expect(violationsOf(other)).to.deep.equal({ 'updateMobile.otpNumber': 'OTP-10040' });
    expect((await update({ mobile: fresh, otpNumber })).status).to.equal(200);
    const again = await update({ mobile: fresh, otpNumber });
    expect(again.status).to.equal(400);
  });

  it('is 409 for a number that is proved elsewhere, and leaves its code alive', async () => {
    const holder = await api.customer();
    // the registration requested a code less than a minute ago
    await moveClock(server.database, 61);
    const otpNumber = await api.newCode(holder.mobile);
    for (let time = 0; time < 2; time += 1) {
      const refused = await update({ mobile: holder.mobile, otpNumber });
      expect(refused.status).to.equal(409);
      expect(violationsOf(refused)).to.deep.equal({ 'updateMobile.mobile': 'DUP-10070' });
    }
    const checked = await api.post('/forgotpassword/verifyotp', { mobile: holder.mobile, otpNumber });
    expect(checked.status).to.equal(200);
  });

  it('gives a number to one of two accounts that ask at once', async () => {
    const rival = await api.customer();
    const otpNumber = await api.newCode(fresh);
    const answers = await Promise.all(
      [known, rival].map(({ bearer: headers }) => update({ mobile: fresh, otpNumber }, headers)),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).to.equal(200);
    expect(statuses[1]).to.be.oneOf([400, 409]);
  });

  it('tells everything that is wrong with the form at once, in the language that is requested', async () => {
    expect(violationsOf(await update({}))).to.deep.equal({
      'updateMobile.otpNumber': 'REQ-10040',
      'updateMobile.mobile': 'REQ-10070',
    });
    const wrong = { mobile: '0212345678', otpNumber: '12345', password: 5 };
    const english = await update(wrong, { ...known.bearer, ...{ 'accept-language': 'en' } });
    expect(english.status).to.equal(400);
    expect(violationsOf(english)).to.deep.equal({
      'updateMobile.otpNumber': 'SIZ-10040',
      'updateMobile.mobile': 'FMT-10070',
      'updateMobile.password': 'FMT-10080',
    });
    for (const { message } of english.body.violations) expect(message).to.match(/^[ -~]+$/);
    for (const { message } of (await update(wrong)).body.violations) expect(message).to.match(/[ก-๙]/);
  });
});
