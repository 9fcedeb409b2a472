import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { customersClient, violationsOf } from './customers-client.ts';

type Customer = Awaited<ReturnType<ReturnType<typeof customersClient>['customer']>>;

describe('Customers API: profile', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;
  let known: Customer;

  before(async () => {
    server = await testServer();
    api = customersClient(server);
    known = await api.customer();
  });

  const read = (headers: Record<string, string> = known.bearer) => api.call('GET', '/customers', { headers });
  const update = (body: unknown, headers: Record<string, string> = {}) =>
    api.post('/update-profile', body, { ...known.bearer, ...headers });

  describe('GET /customers', () => {
    it('shows the customer, in the order of members that clients know', async () => {
      const { status, body, headers } = await read();
      expect(status).to.equal(200);
      expect(headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(JSON.stringify(body)).to.equal(
        JSON.stringify({
          id: known.id,
          thaiId: known.thaiId,
          email: known.email,
          mobile: known.mobile,
          firstName: 'ฝอย',
          lastName: 'ขัดหม้อ',
          title: { id: 1, nameTh: 'นาย', nameEn: 'Mr.', gender: 'MALE' },
          birthDate: '03/04/2015',
          registerChannel: 'MOBILE',
          phone: null,
          addresses: [],
          cpOneCard: {
            id: body.cpOneCard.id,
            cardNumber: `0001${String(body.cpOneCard.id).padStart(12, '0')}`,
            cardLevel: { id: 1, name: 'Normal' },
            expiryDate: body.cpOneCard.expiryDate,
          },
        }),
      );
      expect(body.cpOneCard.expiryDate).to.match(/^\d\d\/\d\d\/\d{4}$/);
    });

    it('shows null for what an account never gave, and WEB for its channel', async () => {
      const { id } = await server.domain.lifecycle.create({
        contacts: [{ kind: 'email', value: `bare-${known.id}@example.com`, verified: true }],
        password: 'correct-horse-battery',
      });
      const token = await api.token(`bare-${known.id}@example.com`);
      const { body } = await read({ authorization: `Bearer ${token}` });
      expect(body).to.include({ id, thaiId: null, mobile: null, title: null, birthDate: null, phone: null });
      expect(body).to.include({ firstName: null, lastName: null, registerChannel: 'WEB' });
      expect(body.cpOneCard.cardLevel).to.deep.equal({ id: 1, name: 'Normal' });
    });

    it('takes one slash after the path, not two, and no other case', async () => {
      const { bearer: headers } = known;
      expect((await api.call('GET', '/customers/', { headers })).status).to.equal(200);
      expect((await api.call('GET', '/customers//', { headers })).status).to.equal(404);
      expect((await api.call('GET', '/Customers', { headers })).status).to.equal(404);
    });
  });

  describe('POST /update-profile', () => {
    const changes: [what: string, change: Record<string, unknown>, shown: Record<string, unknown>][] = [
      ['the first name', { firstName: 'Anne-Marie' }, { firstName: 'Anne-Marie' }],
      ['the last name', { lastName: "O'Neill Jr." }, { lastName: "O'Neill Jr." }],
      ['the day of birth', { birthDate: '29/02/2000' }, { birthDate: '29/02/2000' }],
      ['the phone', { phone: '+66 (2) 123-4567' }, { phone: '+66 (2) 123-4567' }],
      ['a phone that lost its zero', { phone: 212345678 }, { phone: '0212345678' }],
      [
        'the title',
        { title: { id: 3 } },
        { title: { id: 3, nameTh: 'นางสาว', nameEn: 'Ms.', gender: 'FEMALE' } },
      ],
    ];
    for (const [what, change, shown] of changes) {
      it(`changes ${what} and nothing else`, async () => {
        const { body: before } = await read();
        const { status, body } = await update(change);
        expect(status).to.equal(200);
        expect(body).to.deep.equal({ ...before, ...shown });
        expect((await read()).body).to.deep.equal(body);
      });
    }

    it('takes the phone off for an empty text', async () => {
      await update({ phone: '02 123 4567' });
      expect((await update({ phone: '' })).body.phone).to.equal(null);
    });

    it('changes nothing when nothing is given, or only null', async () => {
      const { body: before } = await read();
      const nothing = { firstName: null, lastName: null, birthDate: null, phone: null, title: null };
      for (const body of [{}, nothing, { unknown: 'x' }]) {
        expect((await update(body)).body).to.deep.equal(before);
      }
    });

    it('never changes what has a request of its own', async () => {
      const { body: before } = await read();
      const { body } = await update({
        id: 1,
        thaiId: '3670301396484',
        email: 'other@example.com',
        mobile: '0812345670',
        status: 'deleted',
      });
      expect(body).to.deep.equal(before);
    });

    it('tells everything that is wrong at once, in the language that is requested, and changes nothing', async () => {
      const { body: before } = await read();
      const wrong = {
        firstName: '<script>',
        lastName: 'x'.repeat(51),
        birthDate: '31/02/2015',
        phone: 'call me',
        title: { id: 9 },
      };
      const english = await update({ ...wrong }, { 'accept-language': 'en' });
      expect(english.status).to.equal(400);
      expect(violationsOf(english)).to.deep.equal({
        'updateProfile.firstName': 'FMT-10090',
        'updateProfile.lastName': 'SIZ-10100',
        'updateProfile.birthDate': 'FMT-10110',
        'updateProfile.title': 'REF-10130',
        'updateProfile.phone': 'FMT-10140',
      });
      expect(english.body.error).to.equal('Validation Failure');
      const thai = await update({ ...wrong, firstName: 'ถูก' });
      for (const { message } of english.body.violations) expect(message).to.match(/^[ -~]+$/);
      for (const { message } of thai.body.violations) expect(message).to.match(/[ก-๙]/);
      expect((await read()).body).to.deep.equal(before);
    });

    const wrong: [what: string, body: unknown, violations: Record<string, string>][] = [
      ['a day to come', { birthDate: '01/01/2999' }, { 'updateProfile.birthDate': 'FMT-10110' }],
      ['a day before 1900', { birthDate: '31/12/1899' }, { 'updateProfile.birthDate': 'FMT-10110' }],
      ['another notation', { birthDate: '2015-04-03' }, { 'updateProfile.birthDate': 'FMT-10110' }],
      ['a phone too long', { phone: '1'.repeat(21) }, { 'updateProfile.phone': 'SIZ-10140' }],
      ['an array', { firstName: ['a'] }, { 'updateProfile.firstName': 'FMT-10090' }],
      ['an object', { phone: {} }, { 'updateProfile.phone': 'FMT-10140' }],
      ['a title without its id', { title: {} }, { 'updateProfile.title': 'REQ-10130' }],
      ['a title as text', { title: { id: '1' } }, { 'updateProfile.title': 'FMT-10130' }],
      ['a NUL', { firstName: 'a\0b' }, { 'updateProfile.firstName': 'FMT-10090' }],
      ['half a surrogate pair', { lastName: 'a\ud800' }, { 'updateProfile.lastName': 'FMT-10100' }],
    ];
    for (const [what, body, violations] of wrong) {
      it(`refuses ${what}`, async () => {
        const answer = await update(body);
        expect(answer.status).to.equal(400);
        expect(violationsOf(answer)).to.deep.equal(violations);
      });
    }

    it('refuses what is no JSON object', async () => {
      for (const body of [[], 'text', 7]) {
        const answer = await update(body);
        expect(answer.status).to.equal(400);
        expect(answer.body).to.include({ error: 'invalid_request' });
      }
      const headers = { ...known.bearer, 'content-type': 'application/json' };
      expect((await api.call('POST', '/update-profile', { body: '{"a"', headers })).status).to.equal(400);
      const form = await api.call('POST', '/update-profile', { body: 'phone=1', headers: known.bearer });
      expect(form.status).to.equal(415);
    });
  });

  describe('the titles', () => {
    const TITLES = [
      { id: 1, nameTh: 'นาย', nameEn: 'Mr.', gender: 'MALE' },
      { id: 2, nameTh: 'นาง', nameEn: 'Mrs.', gender: 'FEMALE' },
      { id: 3, nameTh: 'นางสาว', nameEn: 'Ms.', gender: 'FEMALE' },
      { id: 4, nameTh: 'เด็กชาย', nameEn: 'Mstr.', gender: 'MALE' },
      { id: 5, nameTh: 'เด็กหญิง', nameEn: 'Miss', gender: 'FEMALE' },
    ];

    it('are listed for everybody, and may be kept', async () => {
      const { body, headers } = await api.call('GET', '/public/titles');
      expect(body).to.deep.equal(TITLES);
      expect(headers.get('cache-control')).to.equal('public, max-age=300');
      expect((await api.call('GET', '/public/titles/')).body).to.deep.equal(TITLES);
    });

    it('are answered one by one', async () => {
      for (const title of TITLES) {
        expect((await api.call('GET', `/public/titles/${title.id}`)).body).to.deep.equal(title);
      }
      expect((await api.call('GET', '/public/titles/4/')).body).to.deep.equal(TITLES[3]);
    });

    it('are 404 where there is none', async () => {
      for (const id of ['6', '0', '-1', '1.0', '01', 'x', '%00', '9'.repeat(30)]) {
        const { status, body } = await api.call('GET', `/public/titles/${id}`);
        expect(status, id).to.be.oneOf([400, 404]);
        expect(body, id).to.have.keys('error', 'error_description');
      }
    });
  });

  describe('POST /logout', () => {
    it('kills access and refresh token; again is 401', async () => {
      const leaving = await api.customer();
      const other = await api.token(leaving.mobile);
      const logout = () => api.call('POST', '/logout', { headers: leaving.bearer });
      const { status, body, headers } = await logout();
      expect({ status, body }).to.deep.equal({ status: 200, body: '' });
      expect(headers.get('content-type')).to.equal(null);
      expect((await read(leaving.bearer)).status).to.equal(401);
      expect((await api.refresh(leaving.refreshToken)).body.error).to.equal('invalid_grant');
      expect((await logout()).status).to.equal(401);
      expect((await read({ authorization: `Bearer ${other}` })).status).to.equal(200);
    });
  });
});
