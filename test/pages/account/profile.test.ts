import { expect } from 'chai';
import { startServer, type TestServer } from '../../support/server.ts';
import { alerts, notice, somebody } from './visitor.ts';

const PATH = '/account/profile';

const FULL = {
  title: '2',
  firstName: ' สมใจ ',
  lastName: "O'Neill-Jaidee",
  birthDate: '2000-02-29',
  phone: '02-123 4567 (9)',
  address: '1 ถนนสุขุมวิท\r\nชั้น 2',
  addressTown: 'วัฒนา',
  addressRegion: 'กรุงเทพมหานคร',
  addressPostcode: '10110',
  country: 'TH',
  locale: 'en',
};

describe('the profile in the account area', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const person = async (profile = {}) => (await somebody(server, { profile })).signIn();

  it('is saved and shown again, in the language that was chosen', async () => {
    const visitor = await person();
    const { status, next } = await visitor.send(PATH, FULL);
    expect([status, next]).to.deep.equal([303, `${PATH}?outcome=profile_saved&lang=en`]);
    const account = await visitor.account();
    expect(account?.profile).to.include({
      firstName: 'สมใจ',
      lastName: "O'Neill-Jaidee",
      birthDate: '2000-02-29',
      phone: '02-123 4567 (9)',
      address: '1 ถนนสุขุมวิท\nชั้น 2',
      addressTown: 'วัฒนา',
      country: 'TH',
      locale: 'en',
    });
    expect(account?.title?.id).to.equal(2);
    const { page } = await visitor.open(next);
    expect(notice(page)).to.equal('Your profile has been saved.');
    expect(page).to.include('<option value="TH" selected>Thailand</option>');
    expect(page).to.include('value="2000-02-29"').and.include('ถนนสุขุมวิท\nชั้น 2</textarea>');
    expect((await visitor.open('/account')).page).to.include('สมใจ O&#39;Neill-Jaidee');
  });

  it('has all that the scope profile promises, and an address of the web as people type it', async () => {
    const visitor = await person();
    const said = { middleName: 'ชัย', nickname: 'ชาย', preferredUsername: 'somchai' };
    const { next } = await visitor.send(PATH, {
      ...{ ...FULL, ...said },
      profileUri: ' https://example.com/somchai ',
      websiteUri: 'somchai.example.com/blog',
    });
    expect((await visitor.account())?.profile).to.include({
      ...said,
      profileUri: 'https://example.com/somchai',
      websiteUri: 'https://somchai.example.com/blog',
    });
    const { page } = await visitor.open(next);
    expect(page).to.include('value="https://example.com/somchai"');
    expect(page).to.not.match(/href="[^"]*example\.com/);
    await visitor.send(PATH, { nickname: '', preferredUsername: '', websiteUri: '' });
    const { profile } = (await visitor.account()) ?? {};
    expect(profile).to.include({
      ...{ nickname: null, preferredUsername: null, websiteUri: null },
      middleName: 'ชัย',
    });
  });

  it('says what is wrong with a username and an address', async () => {
    const visitor = await person({ firstName: 'Somchai' });
    const { status, page } = await visitor.send(PATH, {
      ...{ middleName: '12', nickname: 'x'.repeat(51), preferredUsername: '0812345678' },
      ...{ profileUri: 'javascript:alert(1)', websiteUri: 'https://bank.example@evil.test' },
    });
    expect(status).to.equal(400);
    expect(alerts(page)).to.have.length(5);
    expect(page).to.include('value="javascript:alert(1)"').and.not.include('href="javascript:');
    expect((await visitor.account())?.profile).to.include({ nickname: null, profileUri: null });
  });

  it('leaves what does not come as it is, and empties what comes empty', async () => {
    const visitor = await person({
      firstName: 'Somchai',
      lastName: 'Jaidee',
      phone: '021234567',
      country: 'TH',
    });
    await visitor.send(PATH, { lastName: '', phone: '' });
    expect((await visitor.account())?.profile).to.include({
      firstName: 'Somchai',
      lastName: null,
      phone: null,
      country: 'TH',
    });
    expect((await visitor.send(PATH, {})).status).to.equal(303);
  });

  it('takes back what it shows, also what nobody could type today', async () => {
    const visitor = await person({ firstName: 'R2 D2', birthDate: '1899-01-01', locale: 'en-GB' });
    const { status } = await visitor.send(PATH, {
      firstName: 'R2 D2',
      birthDate: '1899-01-01',
      locale: 'en',
      phone: '1',
    });
    expect(status).to.equal(303);
    expect((await visitor.account())?.profile).to.include({
      firstName: 'R2 D2',
      locale: 'en-GB',
      phone: '1',
    });
  });

  it('shows and takes the birthday in the Buddhist era on the Thai page', async () => {
    const visitor = await person({ firstName: 'Somchai', birthDate: '1899-01-01' });
    const { page } = await visitor.open(`${PATH}?lang=th`);
    expect(page).to.include('value="01/01/2442"').and.include('วันเกิด (พ.ศ.)');
    expect((await visitor.send(PATH, { birthDate: '01/01/2442', phone: '1' })).status).to.equal(303);
    expect((await visitor.account())?.profile.birthDate).to.equal('1899-01-01');
    await visitor.send(PATH, { birthDate: '5/5/2533' });
    expect((await visitor.account())?.profile.birthDate).to.equal('1990-05-05');
    const refused = await visitor.send(PATH, { birthDate: '05/05/1991' });
    expect(refused.status).to.equal(400);
    expect(alerts(refused.page)[0]).to.include('พ.ศ. ตั้งแต่ 2443 ถึง');
  });

  it('tells everything that is wrong by its field, saves nothing, and keeps what was typed', async () => {
    const visitor = await person({ firstName: 'Somchai' });
    const { status, page } = await visitor.send(PATH, {
      ...FULL,
      firstName: ' ',
      lastName: '<b>12</b>',
      birthDate: '2543-02-29',
      phone: 'call me',
      address: 'x'.repeat(501),
      country: 'XX',
    });
    expect(status).to.equal(400);
    expect(alerts(page)).to.deep.equal([
      'First name: Enter your first name.',
      'Last name: Use Thai or Latin letters, at most 50 characters.',
      'Date of birth: This is not a valid date of birth.',
      'Address: This text is too long or contains characters that are not allowed.',
      'Country: This is not a two-letter country code (ISO 3166-1).',
      'Phone number: This is not a valid phone number.',
    ]);
    expect(page).to.include('value="&lt;b&gt;12&lt;/b&gt;"').and.include('value="10110"');
    expect((await visitor.account())?.profile).to.include({ firstName: 'Somchai', addressPostcode: null });
  });

  it('refuses a choice that the page does not offer, and what cannot be stored', async () => {
    const visitor = await person({ firstName: 'Somchai' });
    const tries = { title: '99', locale: 'de', firstName: 'a\0b', addressTown: '\u202ea' };
    for (const [field, value] of Object.entries(tries))
      expect((await visitor.send(PATH, { [field]: value })).status, field).to.equal(400);
    expect((await visitor.account())?.title).to.equal(null);
  });

  it('is changed by its owner alone, on its own page', async () => {
    const visitor = await person({ firstName: 'Somchai' });
    expect((await visitor.send(PATH, { firstName: 'Eve' }, { csrf: 'made-up' })).status).to.equal(403);
    const body = { method: 'POST', body: new URLSearchParams({ csrf: '', firstName: 'Eve' }) };
    const stranger = await fetch(server.url + PATH, { ...body, redirect: 'manual' });
    expect(stranger.status).to.equal(303);
    expect((await visitor.account())?.profile.firstName).to.equal('Somchai');
  });
});
