import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { hasPassword } from '../../support/has-password.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, mailed, mailsTo, newEmail, PASSWORD } from '../recovery/recovery-steps.ts';

/** The channel and the language of activations. */
const ON = { channel: 'self-service', language: 'en' } as const;

const DAY = 86_400;

describe('an activation', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  async function signedUp(email = newEmail()) {
    await domain.activation.signUp({ email, name: 'Malee Sukjai', locale: 'en', origin: caller() });
    const proof = {
      identifier: await mailed(domain, email, 'identifier'),
      secret: await mailed(domain, email, 'secret'),
    };
    return { email, proof };
  }

  const pendingId = async (email: string): Promise<number> =>
    (await domain.database.knex('contacts').where({ key: email }).first('account_id')).account_id;

  type Proof = { identifier: string; secret: string };
  const activate = (proof: Proof, { password = PASSWORD, origin = caller() } = {}): Promise<string> =>
    codeOf(domain.activation.activate({ ...proof, password, origin, on: ON }));

  it('makes the account active, with a password and a verified address', async () => {
    const { email, proof } = await signedUp();
    expect(await domain.activation.look({ ...proof, origin: caller() })).to.include({ email });
    expect(await activate(proof)).to.equal('none');
    const account = await domain.accounts.find((await domain.contacts.owner('email', email)) ?? 0);
    expect(account).to.include({ status: 'active' });
    expect(await hasPassword(domain.database, account?.id ?? 0, PASSWORD)).to.equal(true);
    expect(await mailsTo(domain, email)).to.have.length(1);
    const signIn = { identifier: email, password: PASSWORD, origin: caller() };
    expect(await domain.passwordAuthenticator.verify(signIn)).to.include({ id: account?.id });
  });

  it('happens once, even with ten simultaneous requests', async () => {
    const { proof } = await signedUp();
    const passwords = Array.from({ length: 10 }, (_, index) => `horse-battery-number-${index}`);
    const answers = await Promise.all(passwords.map((password) => activate(proof, { password })));
    expect(answers.toSorted()).to.deep.equal([...Array(9).fill('ACTIVATION_INVALID'), 'none'].toSorted());
    expect(await activate(proof)).to.equal('ACTIVATION_INVALID');
  });

  it('is refused alike for every reason', async () => {
    const { proof } = await signedUp();
    const other = (await signedUp()).proof;
    for (const wrong of [
      { ...proof, secret: other.secret },
      { ...proof, identifier: other.identifier },
      { ...proof, secret: `${proof.secret}A` },
      { ...proof, secret: '' },
      { identifier: '', secret: '' },
      { identifier: 'nobody', secret: proof.secret },
    ]) {
      expect(await activate(wrong)).to.equal('ACTIVATION_INVALID');
      const look = domain.activation.look({ ...wrong, origin: caller() });
      expect(await codeOf(look)).to.equal('ACTIVATION_INVALID');
    }
    await moveClock(domain.database, DAY - 60);
    expect(await activate(proof)).to.equal('none');
    await moveClock(domain.database, 61);
    expect(await activate(other)).to.equal('ACTIVATION_INVALID');
  });

  it('keeps its secret when the password is refused', async () => {
    const { email, proof } = await signedUp();
    expect(await activate(proof, { password: 'short' })).to.equal('PASSWORD_TOO_SHORT');
    expect(await activate(proof, { password: email })).to.equal('PASSWORD_IS_PERSONAL');
    expect(await activate(proof, { password: 'malee sukjai' })).to.equal('PASSWORD_IS_PERSONAL');
    expect(await activate(proof)).to.equal('none');
  });

  it('ends with the address, and when someone else has verified it', async () => {
    const gone = await signedUp();
    await domain.database.knex('contacts').where({ key: gone.email }).delete();
    const taken = await signedUp();
    await domain.lifecycle.create({ contacts: [emailContact(taken.email, true)] });
    const suspended = await signedUp();
    await domain.lifecycle.suspend(await pendingId(suspended.email));
    for (const { proof } of [gone, taken, suspended])
      expect(await activate(proof)).to.equal('ACTIVATION_INVALID');
  });

  it('takes the address off those who only listed it', async () => {
    const email = newEmail();
    const listed = await domain.lifecycle.create({ contacts: [emailContact(email, false)] });
    const { proof } = await signedUp(email);
    expect(await activate(proof)).to.equal('none');
    expect((await domain.accounts.find(listed.id))?.contacts).to.deep.equal([]);
  });

  it('may be tried ten times an hour from one address', async () => {
    const { proof } = await signedUp();
    const origin = caller();
    for (let time = 0; time < 10; time += 1)
      expect(await activate({ ...proof, secret: 'AAAAAAAAAA' }, { origin })).to.equal('ACTIVATION_INVALID');
    expect(await activate(proof, { origin })).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(domain.activation.look({ ...proof, origin }))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await activate(proof)).to.equal('none');
  });
});
