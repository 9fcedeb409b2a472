import { expect } from 'chai';
import { addressKey } from '../../../src/lib/addresses.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, mailsTo, newEmail, statementsOf } from './recovery-steps.ts';

describe('asking for a reset mail', () => {
  let domain: EmptyDomain;
  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  const request = (email: string, origin = caller()): Promise<void> =>
    domain.passwordReset.request({ email, resetUri: '/reset-password', locale: 'en', origin });

  /** The statements of one request, without their values. */
  const statementsFor = (email: string, origin = caller()): Promise<string[]> =>
    statementsOf(domain, () => request(email, origin));

  it('is the same work for an unregistered address, for each mail and past their limit', async () => {
    const [known, unknown, unproved] = [newEmail(), newEmail(), newEmail()];
    await domain.lifecycle.create({ contacts: [emailContact(known, true)] });
    await domain.lifecycle.create({
      contacts: [emailContact(newEmail(), true), emailContact(unproved, false)],
    });
    const [one, other, third] = [caller(), caller(), caller()];
    let expected: string[] = [];
    for (let time = 1; time <= 4; time += 1) {
      expected = await statementsFor(known, one);
      expect(await statementsFor(unknown, other), `time ${time}`).to.deep.equal(expected);
      expect(await statementsFor(unproved, third), `time ${time}`).to.deep.equal(expected);
      if (time === 1) {
        expect(expected.some((sql) => sql.includes('insert into outbox'))).to.equal(true);
        expect(expected.some((sql) => sql.includes('insert into mailed_secrets'))).to.equal(true);
        expect(expected.at(-1)).to.match(/commit/i);
      }
    }
    expect(await mailsTo(domain, known)).to.have.lengthOf.at.least(2);
  });

  it('leaves no mail and no secret for an unregistered address', async () => {
    const email = newEmail();
    await request(email);
    expect(await mailsTo(domain, email)).to.deep.equal([]);
    const { knex } = domain.database;
    expect(await knex('mailed_secrets').where({ email })).to.deep.equal([]);
    expect(await knex('outbox').where({ kind: 'reset-password', account_id: 0 })).to.deep.equal([]);
    // an account that gets the address afterwards receives mails
    await domain.lifecycle.create({ contacts: [emailContact(email, true)] });
    await request(email);
    expect(await mailsTo(domain, email)).to.have.lengthOf(1);
  });

  it('ends at two hundred an hour from one address, for registered and unregistered addresses', async () => {
    const origin = caller();
    for (let time = 0; time < 200; time += 1) {
      await domain.addressCounters.consume(`reset mails ${addressKey(origin.address)}`, 200, 3600);
    }
    const known = newEmail();
    await domain.lifecycle.create({ contacts: [emailContact(known, true)] });
    for (const email of [known, newEmail()]) {
      expect(await codeOf(request(email, origin))).to.equal('TOO_MANY_ATTEMPTS');
    }
    await request(known);
  });
});
