import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, mailed, mailsTo, mobileContact, newEmail, valueIn } from './recovery-steps.ts';

const HOUR = 3600;
const OURS = '/reset-password';

describe('asking for a password reset', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
    const registered = { first_party: true, reset_uris: ['https://shop.example/reset?from=mail'] };
    await domain.clients.create({
      client_id: 'shop',
      ...registered,
      activate_uris: ['https://shop.example/a'],
    });
    await domain.clients.create({ client_id: 'other', reset_uris: ['https://other.example/reset'] });
    await domain.clients.create(
      { client_id: 'made-up', first_party: true, reset_uris: ['https://made-up.example/reset'] },
      {},
      { dynamic: true },
    );
  });

  after(() => domain.leave());

  const request = (email: string, resetUri = OURS, origin = caller()): Promise<void> =>
    domain.passwordReset.request({ email, resetUri, locale: 'en', origin });

  const account = (...contacts: Parameters<EmptyDomain['lifecycle']['create']>[0]['contacts'] & object) =>
    domain.lifecycle.create({ contacts });

  const countOfMails = async (): Promise<number> => (await domain.outbox.list({ limit: 1000 })).length;

  it('mails a code, and a link that ends in it', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    await request(email);
    const [text = ''] = await mailsTo(domain, email);
    const code = /^Code: ([A-Z0-9]{10})$/m.exec(text)?.[1];
    expect(code).to.be.a('string');
    expect(text.split('\n')).to.include(`${domain.config.server.issuer}/reset-password/${code}`);
    const [row] = await domain.database.knex('mailed_secrets').where({ email });
    expect(JSON.stringify({ ...row, digest: row.digest.toString('latin1') })).to.not.contain(code);
  });

  it('mails clients of the Self-service API the code on a line that they know', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    await domain.passwordReset.request({
      ...{ email, resetUri: OURS, locale: 'th', origin: caller() },
      showsValues: true,
    });
    const [text = ''] = await mailsTo(domain, email);
    expect(text).to.match(new RegExp(`^code: ${valueIn(text, 'code')}$`, 'm'));
    expect(valueIn(text, 'code')).to.have.length(10);
  });

  it('writes in the language of the account, else in that of the asker', async () => {
    const [thai, unknown] = [newEmail(), newEmail()];
    await domain.lifecycle.create({ profile: { locale: 'th' }, contacts: [emailContact(thai, true)] });
    await account(emailContact(unknown, true));
    await request(thai);
    await request(unknown);
    expect((await mailsTo(domain, thai))[0]).to.include('รหัสใช้ได้ 30 นาที');
    expect((await mailsTo(domain, unknown))[0]).to.include('valid for 30 minutes');
  });

  it('appends the code to the path of a URI that a client of ours has', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    await request(email, 'https://shop.example/reset?from=mail');
    const code = await mailed(domain, email, 'code');
    expect((await mailsTo(domain, email))[0]).to.include(`https://shop.example/reset/${code}?from=mail`);
    await request(email, '/customers/do_reset');
    const next = await mailed(domain, email, 'code');
    expect((await mailsTo(domain, email))[0]).to.include(`/customers/do_reset/${next}`);
  });

  it('refuses any other URI, before it checks anything', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    const uris = [
      '',
      'https://shop.example/reset',
      'https://shop.example/reset/?from=mail',
      'https://shop.example/reset?from=mail&x=1',
      'https://shop.example/reset?from=mail#x',
      'https://shop.example/Reset?from=mail',
      'https://SHOP.example/reset?from=mail',
      'https://shop.example:443/reset?from=mail',
      'https://user@shop.example/reset?from=mail',
      'https://shop.example/x/../reset?from=mail',
      'https://shop.example/%72eset?from=mail',
      'https://shop.example/%2e/reset?from=mail',
      'https://shop.example\\@evil.example/reset?from=mail',
      'https://shop.example.evil.example/reset?from=mail',
      'https://shopxexample/reset?from=mail',
      'http://shop.example/reset?from=mail',
      ' https://shop.example/reset?from=mail',
      'https://shop.example/a',
      'https://other.example/reset',
      'https://made-up.example/reset',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://127.0.0.1/reset',
      'https://169.254.169.254/latest',
      '//evil.example/reset-password',
      '/reset-password/',
      '/reset-password?x=1',
      '/Reset-Password',
      '/reset%2dpassword',
      '/./reset-password',
      '/customers/do_reset/',
      '/account',
      `${domain.config.server.issuer}/reset-password`,
    ];
    for (const uri of uris) expect(await codeOf(request(email, uri)), uri).to.equal('INVALID_RESET_URI');
    expect(await codeOf(request('nobody', 'https://evil.example'))).to.equal('INVALID_RESET_URI');
    expect(await mailsTo(domain, email)).to.deep.equal([]);
  });

  it('mails an unverified address to the first of the accounts without a verified contact', async () => {
    const email = newEmail();
    const beside = await account(mobileContact(true), emailContact(email, false));
    const first = await account(emailContact(email, false));
    await account(emailContact(email, false));
    await request(email);
    const row = await domain.database.knex('mailed_secrets').where({ email }).first();
    expect(row.account_id).to.equal(first.id).and.not.equal(beside.id);
  });

  it('mails nothing to an account with a verified contact, to the suspended and deleted, and to strangers', async () => {
    const before = await countOfMails();
    const beside = newEmail();
    await account(mobileContact(true), emailContact(beside, false));
    const suspended = newEmail();
    await domain.lifecycle.suspend((await account(emailContact(suspended, true))).id);
    await account(emailContact(suspended, false));
    const deleted = newEmail();
    await domain.lifecycle.remove((await account(emailContact(deleted, true))).id);
    for (const email of [beside, suspended, deleted, newEmail()]) await request(email);
    expect(await countOfMails()).to.equal(before);
    expect(await domain.database.knex('mailed_secrets').whereIn('email', [beside, suspended])).to.deep.equal(
      [],
    );
  });

  it('writes to the address as it is stored, whatever its spelling in the request', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    const before = await countOfMails();
    await request(email.toUpperCase());
    expect(await mailsTo(domain, email)).to.have.length(1);
    const others = [
      `${email},evil@example.com`,
      `${email};evil@example.com`,
      `${email} evil@example.com`,
      `"${email} evil"@example.com`,
      `Somebody <${email}>`,
      `${email}(comment)`,
      `${email}\r\nBcc: evil@example.com`,
      `${email}@evil.example`,
      email.replace('o', 'о'),
      email.replace('example', 'exampłe'),
      `${email}${'a'.repeat(300)}`,
      `${email}\0`,
      '\ud800@example.com',
      '',
    ];
    for (const other of others) await request(other);
    expect(await countOfMails()).to.equal(before + 1);
  });

  it('mails three times an hour, and the last code stays valid for all later requests', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    await Promise.all(Array.from({ length: 10 }, () => request(email)));
    await Promise.all(Array.from({ length: 90 }, () => request(email)));
    expect(await mailsTo(domain, email)).to.have.length(3);
    const alive = await domain.database
      .knex('mailed_secrets')
      .where({ email, used_at: null, replaced_at: null });
    expect(alive).to.have.length(1);
    await moveClock(domain.database, HOUR + 1);
    await request(email);
    expect(await mailsTo(domain, email)).to.have.length(4);
  });

  it('mails other networks, even when a stranger has requested as often as possible', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    const stranger = caller();
    for (let hour = 0; hour < 6; hour += 1) {
      for (let time = 0; time < 5; time += 1) await request(email, OURS, stranger);
      await moveClock(domain.database, HOUR + 1);
    }
    const before = (await mailsTo(domain, email)).length;
    expect(before).to.equal(7);
    await request(email);
    expect(await mailsTo(domain, email)).to.have.length(before + 1);
  });

  it('takes its time for strangers too', async () => {
    const email = newEmail();
    await account(emailContact(email, true));
    const timed = async (to: string): Promise<number> => {
      const start = performance.now();
      await request(to);
      return performance.now() - start;
    };
    for (const to of [email, newEmail(), 'nobody']) expect(await timed(to)).to.be.at.least(95);
  });
});
