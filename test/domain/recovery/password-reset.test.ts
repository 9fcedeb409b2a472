import { expect } from 'chai';
import { mailedSecrets } from '../../../src/domain/mailed-secrets/mailed-secrets.ts';
import { moveClock } from '../../support/clock.ts';
import { hasPassword } from '../../support/has-password.ts';
import { useSecret } from '../../support/use-secret.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import {
  caller,
  emailContact,
  mailed,
  mailsTo,
  mobileContact,
  newEmail,
  PASSWORD,
} from './recovery-steps.ts';

/** The channel and the language of activations. */
const ON = { channel: 'self-service', language: 'en' } as const;

const NEXT = 'another-horse-battery';

describe('a password reset by mail', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  /** An account with an address, and the code that was mailed to it. */
  async function somebody({ verified = true, password = PASSWORD } = {}) {
    const email = newEmail();
    const { id } = await domain.lifecycle.create({ password, contacts: [emailContact(email, verified)] });
    return { id, email, code: await newCode(email) };
  }

  async function newCode(email: string): Promise<string> {
    await domain.passwordReset.request({
      email,
      resetUri: '/reset-password',
      locale: 'en',
      origin: caller(),
    });
    return mailed(domain, email, 'code');
  }

  const reset = (email: string, code: string, { password = NEXT, origin = caller() } = {}): Promise<string> =>
    codeOf(domain.passwordReset.reset({ email, code, password, origin }));

  const accountOf = async (id: number) => {
    const account = await domain.accounts.find(id);
    if (!account) throw new Error(`no account ${id}`);
    return account;
  };

  it('sets the chosen password, once, and mails a notice', async () => {
    const { id, email, code } = await somebody();
    expect(await reset(email.toUpperCase(), code)).to.equal('none');
    expect(await hasPassword(domain.database, id, NEXT)).to.equal(true);
    expect((await mailsTo(domain, email))[0]).to.include('มีการเปลี่ยนรหัสผ่าน');
    expect(await reset(email, code, { password: 'yet-another-battery' })).to.equal('RESET_CODE_INVALID');
    expect(await hasPassword(domain.database, id, NEXT)).to.equal(true);
  });

  it('sets a generated pass phrase that is hard to misread', async () => {
    const { id, email, code } = await somebody();
    const { passphrase } = await domain.passwordReset.resetToPassphrase({ email, code, origin: caller() });
    expect(passphrase)
      .to.match(/^(?=.*[a-z])(?=.*\d)[a-z0-9]{14,}$/i)
      .and.not.match(/[0o1il]/i);
    expect(await hasPassword(domain.database, id, passphrase)).to.equal(true);
    const again = domain.passwordReset.resetToPassphrase({ email, code, origin: caller() });
    expect(await codeOf(again)).to.equal('RESET_CODE_INVALID');
  });

  it('changes the password once when one code is sent ten times simultaneously with ten passwords', async () => {
    const { id, email, code } = await somebody();
    const passwords = Array.from({ length: 10 }, (_, index) => `horse-battery-number-${index}`);
    const before = (await accountOf(id)).generation;
    const answers = await Promise.all(passwords.map((password) => reset(email, code, { password })));
    expect(answers.toSorted()).to.deep.equal([...Array(9).fill('RESET_CODE_INVALID'), 'none'].toSorted());
    expect((await accountOf(id)).generation).to.equal(before + 1);
    const winner = passwords[answers.indexOf('none')] ?? '';
    expect(await hasPassword(domain.database, id, winner)).to.equal(true);
  });

  it('responds alike to every reason for a refusal', async () => {
    const { email, code } = await somebody();
    const other = await somebody();
    for (const [typed, given] of [
      [email, other.code],
      [other.email, code],
      [newEmail(), code],
      [email, `${code}A`],
      [email, ''],
      ['nobody', code],
      ['', ''],
    ] as const)
      expect(await reset(typed, given), `${typed} ${given}`).to.equal('RESET_CODE_INVALID');
    const older = code;
    const newer = await newCode(email);
    expect(await reset(email, older)).to.equal('RESET_CODE_INVALID');
    await moveClock(domain.database, 1740);
    expect(await reset(email, newer)).to.equal('none');
    await moveClock(domain.database, 61);
    expect(await reset(other.email, other.code)).to.equal('RESET_CODE_INVALID');
  });

  it('keeps the code when the password is refused', async () => {
    const { id, email, code } = await somebody();
    expect(await reset(email, code, { password: 'short' })).to.equal('PASSWORD_TOO_SHORT');
    expect(await reset(email, code, { password: 'password' })).to.equal('PASSWORD_TOO_COMMON');
    expect(await reset(email, code, { password: email })).to.equal('PASSWORD_IS_PERSONAL');
    expect(await reset(email, code, { password: 'x'.repeat(1025) })).to.equal('PASSWORD_TOO_LONG');
    expect(await hasPassword(domain.database, id, PASSWORD)).to.equal(true);
    expect(await reset(email, code)).to.equal('none');
  });

  it('takes no secret of another purpose, nor can its own be used for one', async () => {
    const { id, email, code } = await somebody();
    const secrets = mailedSecrets({ db: domain.database.knex, keyring: domain.keyring });
    for (const purpose of ['verify_email', 'change_email', 'undo_email', 'activate_account'] as const) {
      const { identifier, key } = await secrets.issue({ purpose, accountId: id, email }, 600);
      expect(await reset(email, key)).to.equal('RESET_CODE_INVALID');
      expect(await codeOf(useSecret(secrets, identifier, code, purpose))).to.equal('LINK_INVALID');
    }
    const { identifier } = await domain.database
      .knex('mailed_secrets')
      .where({ account_id: id, purpose: 'reset_password' })
      .first('identifier');
    const activation = { identifier, secret: code, password: NEXT, origin: caller(), on: ON };
    expect(await codeOf(domain.activation.activate(activation))).to.equal('ACTIVATION_INVALID');
    expect(await codeOf(useSecret(secrets, identifier, code, 'verify_email'))).to.equal('LINK_INVALID');
    expect(await reset(email, code)).to.equal('none');
  });

  it('lets an address try ten wrong codes an hour, a whole IPv6 network as one', async () => {
    const { email, code } = await somebody();
    const { address } = caller();
    const from = (index: number) => ({ origin: { address: address.replace(/::1$/, `::${index}`) } });
    for (let index = 1; index <= 10; index += 1)
      expect(await reset(newEmail(), 'AAAAAAAAAA', from(index))).to.equal('RESET_CODE_INVALID');
    expect(await reset(email, code, from(11))).to.equal('TOO_MANY_ATTEMPTS');
    const other = caller();
    expect(await reset(email, code, { origin: other, password: 'short' })).to.equal('PASSWORD_TOO_SHORT');
    await moveClock(domain.database, 1700);
    expect(await reset(email, code, from(11))).to.equal('TOO_MANY_ATTEMPTS');
    await moveClock(domain.database, 1901);
    expect(await reset(email, await newCode(email), from(11))).to.equal('none');
  });

  it('counts wrong attempts only', async () => {
    const origin = caller();
    for (let time = 0; time < 12; time += 1) {
      const { email, code } = await somebody();
      expect(await reset(email, code, { origin })).to.equal('none');
    }
  });

  it('bears a thousand wrong attempts of strangers in the life of a code', async () => {
    const { id, email, code } = await somebody();
    const row = () => domain.database.knex('mailed_secrets').where({ account_id: id });
    await row().update({ tries: 998 });
    expect(await reset(email, 'AAAAAAAAAA')).to.equal('RESET_CODE_INVALID');
    await row().update({ tries: 1000 });
    expect(await reset(email, code)).to.equal('RESET_CODE_INVALID');
  });

  it('ends with the address, with another verified contact, and with the account', async () => {
    const changed = await somebody({ verified: false });
    await domain.database.knex('contacts').where({ account_id: changed.id }).delete();
    const beside = await somebody({ verified: false });
    await domain.contacts.add(beside.id, mobileContact(true));
    const suspended = await somebody();
    await domain.lifecycle.suspend(suspended.id);
    const deleted = await somebody();
    await domain.lifecycle.remove(deleted.id);
    for (const { email, code } of [changed, beside, suspended, deleted])
      expect(await reset(email, code)).to.equal('RESET_CODE_INVALID');
  });

  it('verifies the address, and takes it off those who only listed it', async () => {
    const { id, email, code } = await somebody({ verified: false });
    const later = await domain.lifecycle.create({ contacts: [emailContact(email, false)] });
    expect(await reset(email, code)).to.equal('none');
    expect((await accountOf(id)).contacts.map(({ verified }) => verified)).to.deep.equal([true]);
    expect((await accountOf(later.id)).contacts).to.deep.equal([]);
  });

  it('activates an account that waited for this address', async () => {
    const email = newEmail();
    const customer = { email, name: 'Malee Sukjai', locale: 'en' as const, origin: caller() };
    await domain.activation.signUp(customer);
    expect(await reset(email, await newCode(email))).to.equal('none');
    const id = await domain.contacts.owner('email', email);
    expect((await accountOf(id ?? 0)).status).to.equal('active');
    const proof = {
      identifier: await mailed(domain, email, 'identifier'),
      secret: await mailed(domain, email, 'secret'),
    };
    const late = domain.activation.activate({ ...proof, password: NEXT, origin: caller(), on: ON });
    expect(await codeOf(late)).to.equal('ACTIVATION_INVALID');
  });
});
