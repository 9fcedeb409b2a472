import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { newMobile } from '../customers/customers-client.ts';
import { newEmail, PASSWORD, type SelfServiceCustomer, selfServiceClient } from './self-service-client.ts';

const EMPTY = {
  address: null,
  mobile: null,
  phone: null,
  name: 'Test Name',
  country: null,
  address_town: null,
  address_postcode: null,
  subscriptions: [],
  address_region: null,
};

const FULL = {
  address: '99/1 ถนนสุขุมวิท\nซอย 4',
  phone: '(02) 123-4567',
  name: 'สมชาย ใจดี ณ อยุธยา',
  country: 'TH',
  address_town: 'คลองเตย',
  address_postcode: '10110',
  subscriptions: ['news', { topic: 'offers', channel: 'sms' }],
  address_region: 'กรุงเทพมหานคร',
};

describe('Self-service API: the profile', () => {
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

  it('is what clients know, in their order', async () => {
    const shown = await me.show();
    expect(Object.keys(shown)).to.deep.equal([
      'address',
      'mobile',
      'phone',
      'name',
      'country',
      'address_town',
      'address_postcode',
      'email',
      'id',
      'subscriptions',
      'address_region',
    ]);
    expect(shown).to.deep.equal({ ...EMPTY, email: me.email, id: String(me.id) });
  });

  it('takes what it allows, answers with all of it, and keeps it', async () => {
    const { status, body } = await me.patch(FULL);
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(body).to.deep.equal({ ...FULL, mobile: null, email: me.email, id: String(me.id) });
    expect(await me.show()).to.deep.equal(body);
  });

  it('is the account’s on every surface: the first word of the name is the first name', async () => {
    await me.patch({ name: ' Somchai  Jaidee na Ayutthaya ', phone: '021234567' });
    const { body } = await api.call('GET', '/customers', { headers: me.headers });
    expect(body).to.include({ firstName: 'Somchai', lastName: 'Jaidee na Ayutthaya', phone: '021234567' });
    const { body: claims } = await api.call('GET', '/oauth/userinfo', { headers: me.headers });
    expect(claims).to.include({ name: 'Somchai Jaidee na Ayutthaya', given_name: 'Somchai' });
    await me.patch({ name: 'Somchai' });
    expect((await me.show()).name).to.equal('Somchai');
  });

  it('may be sent back as a whole, whatever is in it: no change and no error', async () => {
    await me.patch(FULL);
    await me.patch({ mobile: newMobile(), email: newEmail(), current_password: PASSWORD });
    const shown = await me.show();
    expect(shown.pending_email).to.be.a('string');
    const before = await server.domain.accounts.find(me.id);
    expect(await me.patch(shown)).to.deep.include({ status: 200, body: shown });
    expect(await server.domain.accounts.find(me.id)).to.deep.equal(before);
  });

  it('is emptied by null, but for name, e-mail and password', async () => {
    await me.patch({ ...FULL, mobile: newMobile() });
    const cleared = Object.fromEntries(Object.keys(EMPTY).map((member) => [member, null]));
    const { body } = await me.patch({ ...cleared, name: 'Test Name' });
    expect(body).to.deep.equal({ ...EMPTY, email: me.email, id: String(me.id) });
    for (const member of ['name', 'email', 'password']) {
      const answer = await me.patch({ [member]: null, current_password: PASSWORD });
      expect(answer.status).to.equal(400);
      expect(answer.body.fields).to.have.keys(member);
    }
  });

  it('keeps subscriptions by topic and channel, each once, and replaces the list', async () => {
    const both = [{ topic: 'news', channel: 'mail' }, 'offers'];
    const { body } = await me.patch({ subscriptions: [...both, ...both] });
    expect(body.subscriptions).to.deep.equal(both);
    expect((await me.patch({ subscriptions: both.toReversed() })).body.subscriptions).to.deep.equal(both);
    expect((await me.patch({ subscriptions: ['news'] })).body.subscriptions).to.deep.equal(['news']);
    expect((await me.patch({ subscriptions: [] })).body.subscriptions).to.deep.equal([]);
  });

  const WRONG: [what: string, change: Record<string, unknown>, member: string][] = [
    ['another id', { id: '1' }, 'id'],
    ['an id that is a number', { id: 1 }, 'id'],
    ['a status', { status: 'active' }, 'status'],
    ['a role', { role: 'admin' }, 'role'],
    ['a verified e-mail', { email_verified: true }, 'email_verified'],
    ['a pending e-mail', { pending_email: 'a@example.com' }, 'pending_email'],
    ['a constructor', { constructor: { prototype: { a: 1 } } }, 'constructor'],
    ['a name that is empty', { name: ' ' }, 'name'],
    ['a name of one letter too many', { name: `Test ${'x'.repeat(51)}` }, 'name'],
    ['a name with a control character', { name: 'Test\u0007 Name' }, 'name'],
    ['a name that is a list', { name: ['Test'] }, 'name'],
    ['an address that is an object', { address: { street: 'x' } }, 'address'],
    ['an address of 501 characters', { address: 'x'.repeat(501) }, 'address'],
    ['an address with a control character', { address: 'a\u0007b' }, 'address'],
    ['a town with a direction character', { address_town: 'a\u202eb' }, 'address_town'],
    ['a postcode of 21 characters', { address_postcode: '1'.repeat(21) }, 'address_postcode'],
    ['a country that there is not', { country: 'XX' }, 'country'],
    ['a country’s name', { country: 'Thailand' }, 'country'],
    ['a phone with letters', { phone: '02 CALL ME' }, 'phone'],
    ['a phone of 21 digits', { phone: '0'.repeat(21) }, 'phone'],
    ['a mobile that is none', { mobile: '021234567' }, 'mobile'],
    ['a mobile of another country', { mobile: '+447911123456' }, 'mobile'],
    ['an e-mail with a display name', { email: 'A <a@example.com>' }, 'email'],
    ['two e-mails', { email: ['a@example.com', 'b@example.com'] }, 'email'],
    ['an e-mail of 101 characters', { email: `${'a'.repeat(89)}@example.com` }, 'email'],
    ['an unknown topic', { subscriptions: ['gossip'] }, 'subscriptions'],
    ['an unknown channel', { subscriptions: [{ topic: 'news', channel: 'fax' }] }, 'subscriptions'],
    ['a topic without a name', { subscriptions: [{ channel: 'sms' }] }, 'subscriptions'],
    ['topics that are no list', { subscriptions: 'news' }, 'subscriptions'],
    ['101 topics', { subscriptions: Array(101).fill('news') }, 'subscriptions'],
    ['a NUL', { address: 'a\0b' }, 'address'],
    ['a code without a mobile', { otpNumber: '123456' }, 'mobile'],
  ];

  it('refuses what is wrong, names it, and changes nothing', async () => {
    const before = await me.show();
    for (const [what, change, member] of WRONG) {
      const answer = await me.patch({ address_region: 'elsewhere', ...change });
      expect(answer.status, what).to.equal(400);
      expect(answer.body.fields, what).to.have.keys(member);
      expect(answer.body.message, what).to.be.a('string');
    }
    const surrogate = await me.patch('{"address": "\\ud800"}');
    expect(surrogate.status).to.equal(400);
    expect(surrogate.body.fields).to.have.keys('address');
    expect(await me.show()).to.deep.equal(before);
  });

  it('tells everything that is wrong at once', async () => {
    const { body } = await me.patch({ id: '1', name: null, country: 'XX', mobile: '1', email: 'no' });
    expect(body).to.include({ error: 'invalid_request' });
    expect(body.fields).to.have.keys('id', 'name', 'country', 'mobile', 'email');
  });

  it('refuses bodies that are no object of JSON', async () => {
    for (const body of ['[]', '"x"', '5', '{']) expect((await me.patch(body)).status, body).to.equal(400);
    const shown = await me.show();
    for (const nothing of ['', 'null', '{}'])
      expect(await me.patch(nothing)).to.deep.include({ status: 200, body: shown });
    const form = { ...me.headers, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await api.send('PATCH', '/customers/self', 'name=x', form)).status).to.equal(415);
    const large = await me.patch({ address: 'x'.repeat(70_000) });
    expect(large.status).to.equal(413);
  });
});
