import { expect } from 'chai';
import type { CodePurpose } from '../../../src/domain/one-time-codes/one-time-code.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, mobileContact, newEmail, statementsOf } from './recovery-steps.ts';

/** Timers may be a millisecond early. */
const STEP_MS = 98;

/** The shortest time of several. A response without equalised timing is faster than a step at least once. */
async function shortest(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < 5; time += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

describe('the time of a response does not reveal', () => {
  let domain: EmptyDomain;
  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  for (const purpose of ['login', 'reset'] as CodePurpose[])
    it(`whether a number is registered, for a code to ${purpose}`, async () => {
      const ask = (mobile: string) =>
        domain.codes.request({ mobile, purpose, locale: 'en', asker: caller() });
      const free = () => ask(mobileContact(true).value);
      async function registered() {
        const contact = mobileContact(true);
        await domain.lifecycle.create({ contacts: [contact] });
        await ask(contact.value);
      }
      expect(await shortest(free)).to.be.at.least(STEP_MS);
      expect(await shortest(registered)).to.be.at.least(STEP_MS);
    });

  it('whether a new e-mail address is registered', async () => {
    const known = newEmail();
    await domain.lifecycle.create({ contacts: [emailContact(known, true)] });
    const prepared = (email: string): Promise<string[]> =>
      statementsOf(domain, () =>
        domain.emailLinks.prepareChange({ value: email, key: email }, caller().address),
      );
    expect(await prepared(newEmail())).to.deep.equal(await prepared(known));
  });

  it('whether an identifier has a mobile', async () => {
    const known = newEmail();
    await domain.lifecycle.create({ contacts: [emailContact(known, true), mobileContact(true)] });
    for (const identifier of [known, newEmail(), 'nobody'])
      expect(
        await shortest(() =>
          domain.findMobile.find({ identifier, address: caller().address, reveal: false }),
        ),
      ).to.be.at.least(STEP_MS);
  });
});
