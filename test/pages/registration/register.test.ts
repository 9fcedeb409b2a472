import { expect } from 'chai';
import { newMobile, newNationalId } from '../../apis/customers/customers-client.ts';
import { moveClock } from '../../support/clock.ts';
import type { TestServer } from '../../support/server.ts';
import { complete, holder, newPerson, PASSWORD, stepServer, verifyMobile } from '../step-server.ts';
import { alertsOf, headingOf, type Visitor, visitor } from '../visitor.ts';

describe('registering on the pages', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer();
  });
  after(() => server.stop());

  /** Arrives at the form with a verified number. */
  async function atForm(on = server): Promise<{ person: Visitor; mobile: string }> {
    const person = visitor(on);
    const mobile = newMobile();
    const { location } = await verifyMobile(person, '/register', mobile);
    expect(location).to.equal('/register/details');
    await person.open(location);
    return { person, mobile };
  }

  const accountOf = async (mobile: string) => {
    const id = await server.domain.contacts.holder('mobile', mobile.replace(/^0/, '+66'));
    return id === undefined ? undefined : server.domain.accounts.find(id);
  };

  it('makes an account that signs in, in the language of the page, on its own', async () => {
    const { person, mobile } = await atForm();
    const email = `${mobile}@example.com`;
    const answer = await complete(person, '/register/details', newPerson({ email }));
    expect(answer.location).to.equal('/register/done');
    expect(headingOf(await person.follow('/register/done'))).to.equal('Your account is ready');

    const account = await accountOf(mobile);
    expect(account?.profile).to.include({
      firstName: 'ฝอย',
      lastName: 'ขัดหม้อ',
      birthDate: '2015-04-03',
      locale: 'en',
    });
    expect(account?.registerChannel).to.equal('WEB');
    const mails = await server.domain.outbox.list({ to: email, limit: 5 });
    expect(mails).to.have.length(1);
    const at = await person.begin();
    expect((await person.send(`${at}/login`, { login: mobile, password: PASSWORD })).status).to.equal(303);
  });

  it('goes on to the client in a sign-in', async () => {
    const person = visitor(server);
    const mobile = newMobile();
    const at = await person.begin();
    expect((await person.open(at)).page).to.include(`href="${at}/register"`);
    const { location } = await verifyMobile(person, `${at}/register`, mobile);
    await person.open(location);
    const done = await complete(person, location, newPerson());
    expect(done.location).to.match(/^\/oauth\/authorize\//);
    await person.follow(done.location);
    const back = await person.allow();
    expect(back.searchParams.get('code')).to.match(/\S/);
    expect(back.searchParams.get('state')).to.equal('state-1');
    expect((await accountOf(mobile))?.registerClientId).to.equal('spa');
  });

  it('tells everything that is wrong with who it is, at its field, and keeps what was typed', async () => {
    const { person } = await atForm();
    const empty = await person.send('/register/details');
    expect(empty.status).to.equal(400);
    expect(alertsOf(empty)).to.have.length(5);

    const answer = await person.send('/register/details', {
      ...{ title: '9', firstName: '<b>1</b>', lastName: 'a'.repeat(51), birthDate: '2015-02-30' },
      ...{ thaiId: '1234567890123' },
    });
    expect(answer.status).to.equal(400);
    expect(alertsOf(answer)).to.deep.equal([
      'Select your title.',
      'Use Thai or Latin letters, at most 50 characters.',
      'Use Thai or Latin letters, at most 50 characters.',
      'This is not a valid date of birth.',
      'This is not a valid national ID number. Check all 13 digits.',
    ]);
    for (const field of ['title', 'firstName', 'lastName', 'birthDate', 'thaiId'])
      expect(answer.page).to.match(
        new RegExp(`id="${field}"[^>]* aria-invalid="true"[^>]* aria-describedby=`),
      );
    expect(answer.page).to.include('value="&lt;b&gt;1&lt;/b&gt;"').and.include('value="1234567890123"');
    expect(answer.page.match(/<p class="wrong">/g)).to.have.length(5);
  });

  it('tells what is wrong with the account, at its field, and keeps what was typed but the password', async () => {
    const { person } = await atForm();
    await person.send('/register/details', newPerson());
    await person.open('/register/account');
    const empty = await person.send('/register/account');
    expect(alertsOf(empty)).to.deep.equal(['Enter a new password.']);
    // only a deployment that allows it accepts a passkey in place of a password
    const withPasskey = await person.send('/register/account', { method: 'passkey' });
    expect(alertsOf(withPasskey)).to.deep.equal(['Enter a new password.']);
    const answer = await person.send('/register/account', { email: 'nobody', password: 'short-1' });
    expect(answer.status).to.equal(400);
    expect(alertsOf(answer)).to.deep.equal([
      'This is not a valid e-mail address.',
      'The password is too short.',
    ]);
    for (const field of ['email', 'password'])
      expect(answer.page).to.match(
        new RegExp(`id="${field}"[^>]* aria-invalid="true"[^>]* aria-describedby=`),
      );
    expect(answer.page).to.include('value="nobody"').and.not.include('short-1');
    expect(answer.page.match(/<p class="wrong">/g)).to.have.length(2);
  });

  it('shows the first form again to whoever goes back, and no second one before it', async () => {
    const { person } = await atForm();
    expect((await person.open('/register/account')).location).to.equal('/register/details');
    expect((await person.send('/register/account', newPerson())).location).to.equal('/register/details');
    const first = await person.send('/register/details', newPerson({ thaiId: '3670301396484' }));
    expect(first.location).to.equal('/register/account');
    const { page } = await person.open('/register/account');
    expect(page).to.include('Step 2 of 2').and.include('href="/register/details"');
    expect(page).to.not.match(/<input type="hidden" name="(?!csrf)/);
    expect(page).to.not.match(/3670301396484|3-6703/);
    const back = await person.open('/register/details');
    expect(back.page)
      .to.include('Step 1 of 2')
      .and.include('value="ขัดหม้อ"')
      .and.include('value="2015-04-03"')
      .and.include('value="3-6703-01396-48-4"')
      .and.match(/value="1" selected/);
  });

  it("discards the person's data when another number is verified in this browser", async () => {
    const { person } = await atForm();
    await person.send('/register/details', newPerson());
    await verifyMobile(person, '/register', newMobile());
    const { page } = await person.open('/register/details');
    expect(page).to.include('Step 1 of 2').and.not.include('ขัดหม้อ');
    expect((await person.open('/register/account')).location).to.equal('/register/details');
  });

  for (const [what, fields] of Object.entries<Record<string, string>>({
    'born tomorrow': { birthDate: '2999-01-01' },
    'born in a Buddhist year': { birthDate: '2558-04-03' },
    'with a birthday of another shape': { birthDate: '03/04/2015' },
    'with a common password': { password: 'password123' },
    'whose password is the name': { firstName: 'Somchaiya', password: 'somchaiya' },
    'with a national id of wrong length': { thaiId: '367030139648' },
    'with a header in the e-mail': { email: 'a@example.com\r\nbcc: b@example.com' },
    'with a name of another script': { firstName: 'Иван' },
  })) {
    it(`makes no account of someone ${what}`, async () => {
      const { person, mobile } = await atForm();
      const answer = await complete(person, '/register/details', newPerson(fields));
      expect(answer.status).to.equal(400);
      expect(alertsOf(answer)).to.have.length(1);
      expect(await accountOf(mobile)).to.equal(undefined);
      expect((await complete(person, '/register/details', newPerson())).location).to.equal('/register/done');
    });
  }

  it('takes the birthday in the Buddhist era on the Thai page, and keeps the Common Era', async () => {
    const { person, mobile } = await atForm();
    const { page } = await person.open('/register/details?lang=th');
    expect(page).to.match(/<label for="birthDate">วันเกิด \(พ\.ศ\.\)<span/);
    expect(page).to.match(/<input id="birthDate" name="birthDate" type="text"/);
    const common = await complete(person, '/register/details', newPerson({ birthDate: '05/05/1990' }));
    expect(common.status).to.equal(400);
    expect(alertsOf(common)[0]).to.match(/พ\.ศ\. ตั้งแต่ 2443 ถึง 25\d\d$/);
    expect(common.page).to.include('value="05/05/1990"');
    const answer = await complete(person, '/register/details', newPerson({ birthDate: '๐๕/๐๕/๒๕๓๓' }));
    expect(answer.location).to.equal('/register/done');
    expect((await accountOf(mobile))?.profile.birthDate).to.equal('1990-05-05');
  });

  it('refuses characters that the database cannot hold, and fields that come twice', async () => {
    const { person } = await atForm();
    expect(
      (await complete(person, '/register/details', newPerson({ firstName: 'a\u0000' }))).status,
    ).to.equal(400);
  });

  it('names what another account has, and leaves the code alive', async () => {
    const thaiId = newNationalId();
    const email = `${newMobile()}@example.com`;
    await server.domain.lifecycle.create({
      nationalId: thaiId,
      contacts: [{ kind: 'email', value: email, verified: true }],
    });
    const { person, mobile } = await atForm();
    const answer = await complete(person, '/register/details', newPerson({ thaiId, email }));
    expect(answer.status).to.equal(409);
    expect(headingOf(answer)).to.equal('About you');
    expect(alertsOf(answer)).to.deep.equal(['This national ID is already in use.']);
    expect(answer.page).to.match(/id="thaiId"[^>]* aria-invalid/);

    const { location } = await person.send('/register/details', newPerson());
    expect((await person.open(location)).page).to.include(`value="${email}"`);
    const again = await person.send(location, { email, password: PASSWORD });
    expect(again.status).to.equal(409);
    expect(alertsOf(again)).to.deep.equal(['This mobile number or e-mail address is already in use.']);
    expect(again.page).to.match(/id="email"[^>]* aria-invalid/);
    expect((await person.send(location, { password: PASSWORD })).location).to.equal('/register/done');
    expect(await accountOf(mobile)).to.not.equal(undefined);
  });

  it('reveals the holder of a number by SMS only', async () => {
    const { mobile } = await holder(server);
    const person = visitor(server);
    await person.open('/register');
    expect((await person.send('/register', { mobile })).location).to.equal('/register/code');
    const [sms] = await server.domain.outbox.list({ to: mobile.replace(/^0/, '+66'), limit: 1 });
    expect(sms?.text).to.not.match(/\d{6}/);
    const { page } = await person.open('/register/code');
    expect(page).to.include('href="/account"').and.include('href="/forgot-password"');
    expect(page)
      .to.include('Already have an account? Sign in')
      .and.match(/for 5 minutes/);
    const guess = await person.send('/register/code', { code: '123456' });
    expect([guess.status, ...alertsOf(guess)]).to.deep.equal([400, 'The code is wrong. 4 attempts left.']);
  });

  it('makes one account of a form that is sent twice', async () => {
    const { person, mobile } = await atForm();
    const { email = '', password = '', ...identity } = newPerson();
    await person.send('/register/details', identity);
    await person.open('/register/account');
    const fields = { email, password };
    const answers = await Promise.all([0, 1].map(() => person.send('/register/account', fields)));
    expect(answers.map(({ location }) => location)).to.deep.equal(['/register/done', '/register/done']);
    const welcomes = await server.domain.outbox.list({ to: mobile.replace(/^0/, '+66'), limit: 10 });
    expect(welcomes).to.have.length(2);
  });

  it('lets a person take ten minutes over the form, and asks for another code after an hour', async () => {
    const { person, mobile } = await atForm();
    await moveClock(server.database, 600);
    expect((await complete(person, '/register/details', newPerson())).location).to.equal('/register/done');
    expect(await accountOf(mobile)).to.not.equal(undefined);
    const late = await atForm();
    await moveClock(server.database, 3600);
    expect((await complete(late.person, '/register/details', newPerson())).location).to.equal(
      '/register/code',
    );
    expect((await late.person.open('/register/code')).location).to.equal('/register');
  });

  it('asks for another code when a newer one took the place of the one that was typed', async () => {
    const { person, mobile } = await atForm();
    await moveClock(server.database, 61);
    const other = visitor(server);
    await other.open('/register');
    await other.send('/register', { mobile });
    const answer = await complete(person, '/register/details', newPerson());
    expect(answer.status).to.equal(400);
    expect(headingOf(answer)).to.equal('Enter the code');
    expect(alertsOf(answer)[0]).to.match(/^The code is wrong/);
  });

  it('asks for the terms where there are some', async () => {
    const termsUri = 'https://id.example/terms';
    const strict = await stepServer({ pages: { terms: { version: '1', uri: termsUri } } });
    const { person } = await atForm(strict);
    const answer = await complete(person, '/register/details', newPerson());
    expect(answer.page).to.include(`href="${termsUri}"`);
    expect(answer.status).to.equal(400);
    expect(alertsOf(answer)).to.deep.equal(['Please accept the terms of service.']);
    const accepted = await complete(person, '/register/details', newPerson({ terms: 'yes' }));
    expect(accepted.location).to.equal('/register/done');
    await strict.stop();
  });

  it('keeps to the policy of the deployment, and says so', async () => {
    const legacy = await stepServer({ passwords: { policy: 'legacy' } });
    const { person } = await atForm(legacy);
    await person.send('/register/details', newPerson());
    expect((await person.open('/register/account')).page).to.include('At least 4 characters');
    expect((await complete(person, '/register/details', newPerson({ password: '123456' }))).status).to.equal(
      303,
    );
    await legacy.stop();
  });
});
