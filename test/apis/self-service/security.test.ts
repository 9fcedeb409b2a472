import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { newMobile } from '../customers/customers-client.ts';
import { messagesTo } from '../customers/mails.ts';
import { PASSWORD, type SelfServiceCustomer, selfServiceClient } from './self-service-client.ts';

const NEXT = 'staple-gun-orchestra';
const current_password = PASSWORD;

describe('Self-service API: password and mobile', () => {
  let server: TestServer;
  let api: ReturnType<typeof selfServiceClient>;
  let me: SelfServiceCustomer;

  before(async () => {
    server = await testServer();
    api = selfServiceClient(server);
  });
  beforeEach(async () => {
    me = await api.customer();
  });

  describe('a new password', () => {
    it('ends every session and token but the caller’s, and tells the owner', async () => {
      const { body: other } = await api.login(me.email);
      const { body: tokens } = await api.signIn(me.email, PASSWORD);
      expect((await me.patch({ password: NEXT, current_password })).status).to.equal(200);
      expect(await me.status()).to.equal(200);
      const authorization = `Bearer ${other.token}`;
      expect((await api.send('GET', '/customers/self', undefined, { authorization })).status).to.equal(401);
      expect((await api.refresh(tokens.refresh_token)).status).to.equal(400);
      expect((await api.login(me.email)).status).to.equal(401);
      expect((await api.login(me.email, NEXT)).status).to.equal(200);
      const [notice] = await messagesTo(server, me.email);
      expect(notice?.subject).to.match(/password of your .* was changed/);
    });

    it('needs the current one, which is counted', async () => {
      const missing = await me.patch({ password: NEXT });
      expect(missing.status).to.equal(400);
      expect(missing.body.fields).to.have.keys('current_password');
      for (let tries = 0; tries < 10; tries += 1) {
        const wrong = await me.patch({ password: NEXT, current_password: 'wrong-password' });
        expect(wrong.status).to.equal(400);
        expect(wrong.body).to.deep.include({ error: 'password_wrong' });
        expect(wrong.body.fields).to.have.keys('current_password');
      }
      expect((await me.patch({ password: NEXT, current_password })).status).to.equal(429);
    });

    it('is verified whenever it is supplied, also where it is not needed', async () => {
      for (const change of [{ country: 'TH' }, { mobile: newMobile() }, {}]) {
        const wrong = await me.patch({ ...change, current_password: 'wrong-password' });
        expect(wrong.status, JSON.stringify(change)).to.equal(400);
        expect(wrong.body.fields).to.have.keys('current_password');
      }
      expect(await me.show()).to.include({ country: null, mobile: null });
      expect((await me.patch({ country: 'TH', current_password })).body.country).to.equal('TH');
    });

    it('must meet the policy, and nothing else is changed when it does not', async () => {
      for (const password of ['short', 'password123', me.email, 'x'.repeat(1025)]) {
        const { status, body } = await me.patch({ password, current_password, country: 'TH' });
        expect(status, password).to.equal(400);
        expect(body.fields).to.have.keys('password');
      }
      expect((await me.show()).country).to.equal(null);
    });
  });

  describe('a new mobile', () => {
    const signsIn = async (mobile: string): Promise<boolean> =>
      (await api.signIn(mobile, PASSWORD)).status === 200;

    it('is shown in national form, in whatever form it comes, and signs nobody in', async () => {
      const mobile = newMobile();
      const { body } = await me.patch({ mobile: `+66 ${mobile.slice(1, 3)}-${mobile.slice(3)}` });
      expect(body.mobile).to.equal(mobile);
      expect(await signsIn(mobile)).to.equal(false);
      expect((await me.patch({ mobile: `66${mobile.slice(1)}` })).body.mobile).to.equal(mobile);
    });

    it('signs in when a code proves it; the tokens of others end', async () => {
      const mobile = newMobile();
      const { body: other } = await api.login(me.email);
      const otpNumber = await api.newCode(mobile);
      const { status, body } = await me.patch({ mobile, otpNumber, current_password });
      expect(status, JSON.stringify(body)).to.equal(200);
      expect(body.mobile).to.equal(mobile);
      expect(await signsIn(mobile)).to.equal(true);
      expect(await me.status()).to.equal(200);
      const headers = { authorization: other.token };
      expect((await api.send('GET', '/customers/self', undefined, headers)).status).to.equal(401);
    });

    it('may be proved later, when it is shown already', async () => {
      const mobile = newMobile();
      await me.patch({ mobile });
      const otpNumber = await api.newCode(mobile);
      expect((await me.patch({ mobile, otpNumber, current_password })).status).to.equal(200);
      expect(await signsIn(mobile)).to.equal(true);
      expect((await me.patch({ mobile, otpNumber })).status).to.equal(200);
    });

    it('needs the password and a right code, and changes nothing without', async () => {
      const mobile = newMobile();
      const otpNumber = await api.newCode(mobile);
      const other = String((Number(otpNumber) + 1) % 1_000_000).padStart(6, '0');
      const refused: [change: Record<string, string>, member: string][] = [
        [{ mobile, otpNumber }, 'current_password'],
        [{ mobile, otpNumber: other, current_password }, 'otpNumber'],
        [{ mobile, otpNumber: '', current_password }, 'otpNumber'],
        [{ mobile: newMobile(), otpNumber, current_password }, 'otpNumber'],
      ];
      for (const [change, member] of refused) {
        const { status, body } = await me.patch({ ...change, country: 'TH' });
        expect(status, member).to.equal(400);
        expect(body.fields).to.have.keys(member);
      }
      expect(await me.show()).to.include({ mobile: null, country: null });
      expect((await me.patch({ mobile, otpNumber, current_password })).status).to.equal(200);
      const used = await me.patch({ mobile: null, current_password });
      expect(used.body.mobile).to.equal(null);
      expect((await me.patch({ mobile, otpNumber, current_password })).body.fields).to.have.keys('otpNumber');
    });

    it('that another account has proved is taken: 409 with its code, and unproved without', async () => {
      const mobile = newMobile();
      await api.customer({ mobile });
      expect((await me.patch({ mobile })).body.mobile).to.equal(mobile);
      const otpNumber = await api.newCode(mobile);
      const taken = await me.patch({ mobile, otpNumber, current_password });
      expect(taken.status).to.equal(409);
      expect(taken.body).to.deep.equal({
        error: 'contact_taken',
        message: 'This mobile number or e-mail address is already in use.',
      });
    });

    it('without a code never takes the place of a verified one, on any surface', async () => {
      const mobile = newMobile();
      const owner = await api.customer({ mobile });
      const strangers = newMobile();
      expect((await owner.patch({ mobile: strangers })).body.mobile).to.equal(mobile);
      expect(await signsIn(mobile)).to.equal(true);
      expect(await signsIn(strangers)).to.equal(false);
      expect((await api.call('GET', '/customers', { headers: owner.headers })).body.mobile).to.equal(mobile);
      const { body: claims } = await api.call('GET', '/oauth/userinfo', { headers: owner.headers });
      expect(claims).to.include({ phone_number: `+66${mobile.slice(1)}`, phone_number_verified: true });
      const { body: found } = await api.send('POST', '/forgotpassword/findmobile', {
        identifier: owner.email,
      });
      expect(found.mobile).to.equal(`${mobile.slice(0, 2)}x-xxx-${mobile.slice(-4)}`);
    });

    it('that is verified is taken off with the current password only, and both contacts are told', async () => {
      const mobile = newMobile();
      const owner = await api.customer({ mobile });
      for (const change of [{ mobile: null }, { mobile: '' }]) {
        const refused = await owner.patch(change);
        expect(refused.status).to.equal(400);
        expect(refused.body.fields).to.have.keys('current_password');
      }
      expect(await signsIn(mobile)).to.equal(true);
      expect((await owner.patch({ mobile: null, current_password })).body.mobile).to.equal(null);
      expect(await signsIn(mobile)).to.equal(false);
      const [sms] = await messagesTo(server, `+66${mobile.slice(1)}`);
      expect(sms?.text).to.match(/removed from your account/);
      const [mail] = await messagesTo(server, owner.email);
      expect(mail?.text)
        .to.include('Hello Test,')
        .and.include(`Mobile number: ${mobile.replace(/^(...)(...)(....)$/, '$1-$2-$3')}`)
        .and.match(/^When: .+ \(GMT\+7\)$/m)
        .and.match(/^IP address: 127\.0\.0\.1$/m);
    });
  });

  it('names the account and the client in the audit trail of a change', async () => {
    const me = await api.customer();
    await me.patch({ name: 'Another Name' });
    const rows = await server.database
      .knex('audit')
      .where({ account_id: me.id, event: 'account.profile_changed' });
    expect(rows.map(({ actor }) => actor)).to.deep.equal([`account:${me.id}`]);
  });
});
