import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { customersClient } from '../apis/customers/customers-client.ts';
import { linkTo, messagesTo, pressOn } from '../apis/customers/mails.ts';
import { selfServiceClient } from '../apis/self-service/self-service-client.ts';
import { begin, post, silently, uidOf } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { moveClock } from '../support/clock.ts';
import { type TestServer, testServer } from '../support/server.ts';

const newEmail = (): string => `${randomHex(64)}@example.com`;

describe('taking an account over', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;

  before(async () => {
    server = await testServer();
    api = customersClient(server);
  });

  describe('by the link that undoes a change of e-mail', () => {
    /** A customer who registered with another person's address by mistake, and replaces it with the right one. */
    async function mistyped() {
      const customer = await api.customer();
      const right = newEmail();
      const change = { email: right, password: customer.password };
      expect((await api.post('/update-email', change, customer.bearer)).status).to.equal(200);
      expect((await pressOn(await linkTo(server, right, '/confirm-email'))).status).to.equal(200);
      return { customer, right };
    }

    it('fails: an unverified previous address gets a notice without a key and without the new address', async () => {
      const { customer, right } = await mistyped();
      const mails = await messagesTo(server, customer.email);
      const [notice] = mails;
      expect(notice?.subject).to.match(/ข้อมูลติดต่อ/);
      for (const { text } of mails) expect(text).to.not.include(right);
      expect(notice?.text).to.not.match(/identifier|key|IP address/);
      expect(notice?.text.match(/https?:\S+/g)).to.deep.equal([`${server.url}/account`]);
      expect(mails.filter(({ text }) => text.includes('/undo-email'))).to.deep.equal([]);
    });

    it('fails: the mistyped address resets nothing afterwards, and the right one stays', async () => {
      const { customer, right } = await mistyped();
      const self = selfServiceClient(server);
      const reset = { email: customer.email, reset_uri: '/reset-password' };
      expect((await self.post('/password_reset', reset)).status).to.equal(200);
      const mails = await messagesTo(server, customer.email);
      expect(mails.filter(({ text }) => /^code: /m.test(text))).to.deep.equal([]);
      const token = await api.token(right);
      const headers = { authorization: `Bearer ${token}` };
      expect((await api.call('GET', '/customers', { headers })).body.email).to.equal(right);
    });

    it('is the owner’s defence: a verified previous address gets the link', async () => {
      const customer = await api.customer();
      await pressOn(await linkTo(server, customer.email, '/verify-email'));
      const thiefs = newEmail();
      await api.post('/update-email', { email: thiefs, password: customer.password }, customer.bearer);
      await pressOn(await linkTo(server, thiefs, '/confirm-email'));
      expect((await pressOn(await linkTo(server, customer.email, '/undo-email'))).status).to.equal(200);
      const token = await api.token(customer.mobile, customer.password);
      const headers = { authorization: `Bearer ${token}` };
      expect((await api.call('GET', '/customers', { headers })).body.email).to.equal(customer.email);
    });
  });

  it('is not helped by notices: an unverified address does not learn the new mobile', async () => {
    const customer = await api.customer();
    const mobile = `08${customer.mobile.slice(2).split('').reverse().join('')}`;
    const change = { mobile, otpNumber: await api.newCode(mobile) };
    expect((await api.post('/update-mobile', change, customer.bearer)).status).to.equal(200);
    const mails = await messagesTo(server, customer.email);
    for (const { text } of mails) expect(text).to.not.include(mobile.slice(1));
    expect(mails[0]?.subject).to.match(/ข้อมูลติดต่อ/);
    // the old number was verified: its owner learns the new number
    const [sms] = await messagesTo(server, `+66${customer.mobile.slice(1)}`);
    expect(sms?.text).to.include(`+66${mobile.slice(1)}`);
  });

  describe('by a contact that was left behind, after the owner recovered through another one', () => {
    const self = () => selfServiceClient(server);
    /** Requests the next code for a number, which is possible a minute after the last one. */
    async function nextCode(mobile: string, purpose?: string): Promise<string> {
      await moveClock(server.database, 61);
      return api.newCode(mobile, purpose);
    }

    /** Requests a reset by mail. Returns the mailed code, if any. */
    async function resetCode(email: string): Promise<string | undefined> {
      const asked = await self().post('/password_reset', { email, reset_uri: '/reset-password' });
      expect(asked.status).to.equal(200);
      const texts = (await messagesTo(server, email)).map(({ text }) => text);
      return texts.flatMap((text) => /^code: (\S+)$/m.exec(text)?.[1] ?? []).at(0);
    }

    /**
     * A stranger registers with a victim's address. The victim confirms the address and resets the password by mail.
     */
    async function recovered() {
      const stranger = await api.customer();
      await pressOn(await linkTo(server, stranger.email, '/verify-email'));
      const code = (await resetCode(stranger.email)) ?? '';
      const reset = await self().post('/do_reset', { email: stranger.email, code });
      expect(reset.status, JSON.stringify(reset.body)).to.equal(200);
      const payload = String(reset.body.token).split('.')[1] ?? '';
      const { passphrase } = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return { ...stranger, e164: `+66${stranger.mobile.slice(1)}`, password: passphrase as string };
    }

    /** Signs in on the pages. Returns the page that follows. */
    async function signedIn(person: { email: string; password: string }, agent = new BrowserAgent()) {
      const begun = await begin(server, { ui_locales: 'en' }, agent);
      const fields = { login: person.email, password: person.password };
      const answer = await agent.submit(`/interaction/${begun.uid}/login`, fields, begun.page);
      const page = await answer.text();
      const send = async (fields: Record<string, string>) => {
        const next = await agent.submit(`/interaction/${uidOf(page)}/contacts`, fields, page);
        return { location: next.headers.get('location') ?? '', page: await next.text() };
      };
      return { agent, page, send };
    }
    const consented = async ({ agent, page }: { agent: BrowserAgent; page: string }): Promise<string> =>
      (await agent.submit(`/interaction/${uidOf(page)}/consent`, {}, page)).headers.get('location') ?? '';

    it('fails: the mobile gets no code to reset or to sign in, and an earlier code is worth nothing', async () => {
      const stranger = await api.customer();
      await pressOn(await linkTo(server, stranger.email, '/verify-email'));
      const earlier = await nextCode(stranger.mobile);
      const code = (await resetCode(stranger.email)) ?? '';
      expect((await self().post('/do_reset', { email: stranger.email, code })).status).to.equal(200);
      const change = { mobile: stranger.mobile, otpNumber: earlier, password: 'staple-gun-orchestra' };
      expect((await api.post('/forgotpassword/changepassword', change)).status).to.equal(400);
      for (const purpose of ['reset', 'login', undefined]) {
        await moveClock(server.database, 3601);
        const asked = await api.post('/otp/request', { mobile: stranger.mobile, purpose });
        expect(asked.status).to.equal(200);
        const [sms] = await messagesTo(server, `+66${stranger.mobile.slice(1)}`);
        expect(sms?.text).to.include('ยืนยันเบอร์นี้').and.not.match(/\d{6}/);
      }
      await moveClock(server.database, 3601);
      const begun = await begin(server);
      await post(begun, 'sms', { mobile: stranger.mobile });
      const [sms] = await messagesTo(server, `+66${stranger.mobile.slice(1)}`);
      expect(sms?.text).to.not.match(/\d{6}/);
    });

    it('fails for good with "not mine": asked at the next sign-in, it takes the contact off', async () => {
      const owner = await recovered();
      const { page, send, agent } = await signedIn(owner);
      expect(page).to.include('Are these contact details yours?').and.include(owner.mobile);
      const next = await send({ kind: 'mobile', value: owner.e164, answer: 'not_mine' });
      expect(next.page).to.include('/consent"');
      expect(await consented({ agent, page: next.page })).to.include('code=');
      const account = await server.domain.accounts.find(owner.id);
      expect(account?.contacts.map(({ kind, confirmed }) => [kind, confirmed])).to.deep.equal([
        ['email', true],
      ]);
      const [sms] = await messagesTo(server, owner.e164);
      expect(sms?.text).to.include('ข้อมูลติดต่อ').and.not.include(owner.email);
      // the number is free again
      await moveClock(server.database, 61);
      expect((await api.customer({ mobile: owner.mobile, email: newEmail() })).id).to.not.equal(owner.id);
    });

    it('does not lock out the owner’s own number: confirmed as theirs, it resets again', async () => {
      const owner = await recovered();
      const { send } = await signedIn(owner);
      const next = await send({ kind: 'mobile', value: owner.e164, answer: 'mine' });
      expect(next.page).to.include('/consent"');
      const otpNumber = await nextCode(owner.mobile, 'reset');
      const change = { mobile: owner.mobile, otpNumber, password: 'staple-gun-orchestra' };
      expect((await api.post('/forgotpassword/changepassword', change)).status).to.equal(200);
      expect((await api.signIn(owner.email, 'staple-gun-orchestra')).status).to.equal(200);
    });

    it('is asked about again at each sign-in until it is answered; a session goes on without', async () => {
      const owner = await recovered();
      const first = await signedIn(owner);
      const next = await first.send({ answer: 'later' });
      expect(await consented({ agent: first.agent, page: next.page })).to.include('code=');
      expect(await silently(server, first.agent)).to.equal('code');
      const overview = await (await first.agent.follow(`${server.url}/account?lang=en`)).text();
      expect(overview).to.include('href="/account/contacts"');
      const again = await (await first.agent.follow(`${server.url}/account/contacts`)).text();
      expect(again).to.include('name="password"');
      const second = await signedIn(owner);
      expect(second.page).to.include('Are these contact details yours?');
    });

    it('is not decided by a forged form: a contact that the page does not list changes nothing', async () => {
      const owner = await recovered();
      const { send } = await signedIn(owner);
      for (const [kind, value] of [
        ['email', owner.email],
        ['mobile', '+66800000000'],
        ['mobile', ''],
      ] as const) {
        const next = await send({ kind, value, answer: 'not_mine' });
        expect(next.page).to.include('Are these contact details yours?');
      }
      const account = await server.domain.accounts.find(owner.id);
      expect(account?.contacts.map(({ confirmed }) => confirmed).sort()).to.deep.equal([false, true]);
    });

    it('fails the other way round: after a reset by SMS, the e-mail gets no reset and no undo link', async () => {
      const owner = await api.customer();
      await pressOn(await linkTo(server, owner.email, '/verify-email'));
      const otpNumber = await nextCode(owner.mobile, 'reset');
      const change = { mobile: owner.mobile, otpNumber, password: 'staple-gun-orchestra' };
      expect((await api.post('/forgotpassword/changepassword', change)).status).to.equal(200);
      const [told] = await messagesTo(server, owner.email);
      expect(told?.subject).to.include('มีการเปลี่ยนรหัสผ่าน');
      expect(told?.text).to.include('\n\nสวัสดี\n').and.not.include('IP address');
      expect(await resetCode(owner.email)).to.equal(undefined);
      const headers = { authorization: `Bearer ${await api.token(owner.mobile, 'staple-gun-orchestra')}` };
      const right = newEmail();
      const update = { email: right, password: 'staple-gun-orchestra' };
      expect((await api.post('/update-email', update, headers)).status).to.equal(200);
      const mails = await messagesTo(server, owner.email);
      expect(mails[0]?.text).to.not.include(right).and.not.include('/undo-email');
    });

    it('fails with a link to undo a change that the recovery ended', async () => {
      const owner = await api.customer();
      await pressOn(await linkTo(server, owner.email, '/verify-email'));
      await api.post('/update-email', { email: newEmail(), password: owner.password }, owner.bearer);
      const undo = await linkTo(server, owner.email, '/undo-email');
      const otpNumber = await nextCode(owner.mobile, 'reset');
      const change = { mobile: owner.mobile, otpNumber, password: 'staple-gun-orchestra' };
      expect((await api.post('/forgotpassword/changepassword', change)).status).to.equal(200);
      expect((await pressOn(undo)).status).to.equal(400);
    });

    it('fails after an undone change as well: anyone who changed the e-mail keeps no mobile that resets', async () => {
      const owner = await api.customer();
      await pressOn(await linkTo(server, owner.email, '/verify-email'));
      await api.post('/update-email', { email: newEmail(), password: owner.password }, owner.bearer);
      expect((await pressOn(await linkTo(server, owner.email, '/undo-email'))).status).to.equal(200);
      await nextCode(owner.mobile, 'reset');
      const [sms] = await messagesTo(server, `+66${owner.mobile.slice(1)}`);
      expect(sms?.text).to.not.match(/\d{6}/);
      expect(await resetCode(owner.email)).to.be.a('string');
    });
  });
});
