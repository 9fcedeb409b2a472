import { expect } from 'chai';
import type { CodePurpose } from '../../../src/domain/one-time-codes/one-time-code.ts';
import { parseEmail } from '../../../src/domain/values/email.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, mobileContact, newEmail } from '../recovery/recovery-steps.ts';

const BROWSER = 'a value that only one browser has';

describe('a code that could not be sent', () => {
  let domain: EmptyDomain;
  let accountId: number;
  let email: string;
  let mobile: string;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  beforeEach(async () => {
    email = newEmail();
    const contact = mobileContact(true);
    mobile = contact.value;
    ({ id: accountId } = await domain.lifecycle.create({ contacts: [contact, emailContact(email, true)] }));
  });

  /** Runs `work` while no message can be stored. */
  async function withoutOutbox<T>(work: () => Promise<T>): Promise<T> {
    const { knex } = domain.database;
    await knex.raw(`
      create function refuse_message() returns trigger language plpgsql as
        'begin raise exception ''no message can be stored''; end';
      create trigger refuse_message before insert on outbox
        for each row execute function refuse_message()`);
    try {
      return await work();
    } finally {
      await knex.raw('drop function refuse_message cascade');
    }
  }

  const counts = async (): Promise<number> => {
    const { rows } = await domain.database.knex.raw(
      'select coalesce(sum(count), 0)::int as sum from counters',
    );
    return rows[0].sum;
  };

  const requests = {
    'of a number': (address: string) =>
      domain.codes.request({
        mobile,
        purpose: 'login' as CodePurpose,
        locale: 'en',
        asker: { address, browser: BROWSER },
      }),
    'of an e-mail address': (address: string) => {
      const parsed = parseEmail(email);
      if (!parsed) throw new Error('no address');
      return domain.emailCode.request({ email: parsed, browser: BROWSER, address, locale: 'en' });
    },
    'of a second factor by SMS': (address: string) =>
      domain.secondFactors.send(accountId, 'sms', { locale: 'en', address, browser: BROWSER }),
    'of a second factor by e-mail': (address: string) =>
      domain.secondFactors.send(accountId, 'email', { locale: 'en', address, browser: BROWSER }),
  };

  for (const [what, request] of Object.entries(requests))
    it(`${what} is not reported as on its way, and costs nothing`, async () => {
      const { address } = caller();
      const before = await counts();
      expect(await withoutOutbox(() => codeOf(request(address)))).to.not.equal('none');
      expect(await domain.codes.askedBy(mobile, BROWSER)).to.equal(false);
      if (!domain.config.redis.url) expect(await counts()).to.equal(before);
      expect(await request(address)).to.have.property('reference');
    });
});
