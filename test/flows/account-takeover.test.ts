import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { customersClient } from '../apis/customers/customers-client.ts';
import { linkTo, messagesTo, pressOn } from '../apis/customers/mails.ts';
import { selfServiceClient } from '../apis/self-service/self-service-client.ts';
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
    /** A customer who registered with an address that is somebody else’s, and puts the right one in its place. */
    async function mistyped() {
      const customer = await api.customer();
      const right = newEmail();
      const change = { email: right, password: customer.password };
      expect((await api.post('/update-email', change, customer.bearer)).status).to.equal(200);
      expect((await pressOn(await linkTo(server, right, '/confirm-email'))).status).to.equal(200);
      return { customer, right };
    }

    it('fails: an unverified previous address gets a notice without a link and without the new address', async () => {
      const { customer, right } = await mistyped();
      const mails = await messagesTo(server, customer.email);
      const [notice] = mails;
      expect(notice?.subject).to.match(/ข้อมูลติดต่อ/);
      for (const { text } of mails) expect(text).to.not.include(right);
      expect(notice?.text).to.not.match(/https?:|identifier|key/);
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

  it('is not helped by notices: an unverified address is not told the new mobile', async () => {
    const customer = await api.customer();
    const mobile = `08${customer.mobile.slice(2).split('').reverse().join('')}`;
    const change = { mobile, otpNumber: await api.newCode(mobile) };
    expect((await api.post('/update-mobile', change, customer.bearer)).status).to.equal(200);
    const mails = await messagesTo(server, customer.email);
    for (const { text } of mails) expect(text).to.not.include(mobile.slice(1));
    expect(mails[0]?.subject).to.match(/ข้อมูลติดต่อ/);
    // the old number was verified: its owner learns which one took its place
    const [sms] = await messagesTo(server, `+66${customer.mobile.slice(1)}`);
    expect(sms?.text).to.include(`+66${mobile.slice(1)}`);
  });
});
