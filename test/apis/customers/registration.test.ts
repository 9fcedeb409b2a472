import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { customersClient, newMobile, newNationalId, violationsOf } from './customers-client.ts';

describe('Customers API: registration', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;

  before(async () => {
    server = await testServer();
    api = customersClient(server);
  });

  it('makes an account with its card, in the order of members that clients know', async () => {
    const body = await api.person();
    const { status, body: made } = await api.post('/customers/register', body);
    expect(status).to.equal(200);
    expect(Object.keys(made)).to.deep.equal([
      'id',
      'thaiId',
      'email',
      'mobile',
      'firstName',
      'lastName',
      'title',
      'birthDate',
      'registerChannel',
      'phone',
      'addresses',
      'cpOneCard',
    ]);
    expect(Object.keys(made.title)).to.deep.equal(['id', 'nameTh', 'nameEn', 'gender']);
    expect(Object.keys(made.cpOneCard)).to.deep.equal(['id', 'cardNumber', 'cardLevel', 'expiryDate']);
    expect(made).to.include({ thaiId: body.thaiId, email: body.email, mobile: body.mobile, phone: null });
    expect(made.cpOneCard.cardNumber).to.match(/^0001\d{12}$/);
    expect(await api.token(made.cpOneCard.cardNumber)).to.be.a('string');
  });

  it('tells everything that is wrong with the form at once, in the language that is requested', async () => {
    const wrong = {
      otpNumber: '000000',
      thaiId: '1234567890123',
      email: 'nobody',
      mobile: '08796303',
      password: 'ab',
      firstName: '<b>',
      lastName: 'x'.repeat(51),
      birthDate: '31/02/2015',
      registerChannel: 'FAX',
      title: { id: 9 },
    };
    const answer = await api.post('/customers/register', wrong, { 'accept-language': 'en' });
    expect(answer.status).to.equal(400);
    expect(violationsOf(answer)).to.deep.equal({
      'register.thaiId': 'FMT-10050',
      'register.email': 'FMT-10060',
      'register.mobile': 'SIZ-10070',
      'register.password': 'PWD-10080',
      'register.firstName': 'FMT-10090',
      'register.lastName': 'SIZ-10100',
      'register.birthDate': 'FMT-10110',
      'register.registerChannel': 'REF-10120',
      'register.title': 'REF-10130',
    });
    expect(answer.body.violations[0].message).to.match(/^[ -~]+$/);
    const thai = await api.post('/customers/register', wrong);
    expect(thai.body.violations[0].message).to.match(/[ก-๙]/);
  });

  it('says nothing about who is registered without a right code', async () => {
    const known = await api.customer();
    const { thaiId, email } = known as Record<string, unknown>;
    const answer = await api.post(
      '/customers/register',
      await api.person({ thaiId, email, otpNumber: '000000' }),
    );
    expect(answer.status).to.equal(400);
    expect(violationsOf(answer)).to.deep.equal({ 'register.otpNumber': 'OTP-10040' });
  });

  it('names taken identities once the code is right, and leaves the code alive', async () => {
    const known = (await api.customer()) as Record<string, unknown>;
    const body = await api.person({ thaiId: known.thaiId });
    const refused = await api.post('/customers/register', body);
    expect(refused.status).to.equal(409);
    expect(violationsOf(refused)).to.deep.equal({ 'register.thaiId': 'DUP-10050' });
    const again = await api.post('/customers/register', { ...body, thaiId: newNationalId() });
    expect(again.status).to.equal(200);
  });

  it('looks without using the code up', async () => {
    const body = await api.person();
    const looked = await api.post('/customers/pre-register', body);
    expect(looked.status).to.equal(200);
    expect(looked.body).to.equal('');
    expect(looked.headers.get('content-type')).to.equal(null);
    expect((await api.post('/customers/register', body)).status).to.equal(200);
    const used = await api.post('/customers/register', body);
    expect(used.status).to.equal(400);
    expect(violationsOf(used)).to.deep.equal({ 'register.otpNumber': 'OTP-10040' });
  });

  it('makes one account of thirty registrations at once with one number and code', async () => {
    const body = await api.person();
    const people = Array.from({ length: 30 }, () => ({ ...body, thaiId: newNationalId(), email: undefined }));
    const answers = await Promise.all(people.map((one) => api.post('/customers/register', one)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).to.have.length(1);
    expect(
      statuses.every((status) => [200, 400, 409].includes(status)),
      String(statuses),
    ).to.equal(true);
    const { rows } = await server.database.knex.raw(
      `select count(*)::int as n from contacts where value = ?`,
      [`+66${String(body.mobile).slice(1)}`],
    );
    expect(rows[0].n).to.equal(1);
  });

  it('makes one account of ten registrations at once with one national id', async () => {
    const thaiId = newNationalId();
    const people = await Promise.all(
      Array.from({ length: 10 }, () => api.person({ thaiId, email: undefined })),
    );
    const answers = await Promise.all(people.map((one) => api.post('/customers/register', one)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, ...Array(9).fill(409)]);
  });

  it('takes numbers that lost their zeros, and a number in any of its spellings', async () => {
    const mobile = newMobile();
    const otpNumber = Number(await api.newCode(`+66 ${mobile.slice(1)}`));
    const body = await api.person({ mobile, otpNumber });
    const { status, body: made } = await api.post('/customers/register', { ...body, mobile: Number(mobile) });
    expect(status).to.equal(200);
    expect(made.mobile).to.equal(mobile);
  });

  it('never stores members that it does not know', async () => {
    const body = await api.person({ status: 'suspended', id: 1, role: 'admin', email_verified: true });
    const { body: made } = await api.post('/customers/register', body);
    expect(made.id).not.to.equal(1);
    expect((await server.domain.accounts.find(made.id))?.status).to.equal('active');
  });
});
