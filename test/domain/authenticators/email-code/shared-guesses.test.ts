import { expect } from 'chai';
import { parseEmail } from '../../../../src/domain/values/email.ts';
import { otherThan } from '../../../apis/customers/code-steps.ts';
import { moveClock } from '../../../support/clock.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../../empty-domain.ts';
import { caller, emailContact, mobileContact, newEmail } from '../../recovery/recovery-steps.ts';
import { ask, mailedCode, newBrowser } from './email-steps.ts';

describe('wrong codes by SMS and e-mail', () => {
  let domain: EmptyDomain;
  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  const browser = newBrowser();

  async function person() {
    const [email, mobile] = [newEmail(), mobileContact(true)];
    const { id } = await domain.lifecycle.create({ contacts: [emailContact(email, true), mobile] });
    return { id, email, mobile: mobile.value };
  }

  /** Makes six wrong guesses, until the code or the limit ends. Returns the error code of each. */
  async function exhaust(guess: (code: string) => Promise<unknown>, code: string): Promise<string[]> {
    const refusals: string[] = [];
    for (let step = 1; step <= 6; step += 1) refusals.push(await codeOf(guess(otherThan(code, step))));
    return refusals;
  }

  async function bySms(mobile: string, origin: { address: string }) {
    await domain.codes.request({ mobile, purpose: 'login', locale: 'en', asker: { ...origin, browser } });
    const [sms] = await domain.outbox.list({ to: mobile, limit: 1 });
    const right = /\d{6}/.exec(sms?.text ?? '')?.[0] ?? '';
    const guess = (code: string) => domain.smsCode.verify({ mobile, code, browser, origin });
    return { right, guess };
  }

  async function byMail(email: string, origin: { address: string }) {
    await ask(domain, email, { browser, address: origin.address });
    const { code: right } = await mailedCode(domain, email);
    const key = parseEmail(email)?.key ?? '';
    const guess = (code: string) => domain.emailCode.verify({ email: key, code, browser, origin });
    return { right, guess };
  }

  it('have one limit for an account: the eleventh in an hour is refused by either, also when it is right', async () => {
    const { id, email, mobile } = await person();
    const origin = caller();
    const mail = await byMail(email, origin);
    expect((await exhaust(mail.guess, mail.right)).slice(0, 5)).to.deep.equal(Array(5).fill('CODE_WRONG'));
    const sms = await bySms(mobile, origin);
    await exhaust(sms.guess, sms.right);
    await moveClock(domain.database, 61);
    const [again, other] = [await byMail(email, origin), await bySms(mobile, origin)];
    expect(await codeOf(again.guess(again.right))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(other.guess(other.right))).to.equal('TOO_MANY_ATTEMPTS');
    const [event] = await domain.database
      .knex('audit')
      .where({ account_id: id, event: 'sign_in.refused' })
      .orderBy('id', 'desc');
    expect(event.details).to.include({ limit: 'codes' });
    await moveClock(domain.database, 3600);
    const later = await byMail(email, origin);
    expect(await codeOf(later.guess(later.right))).to.equal('none');
  });

  it('of a stranger do not lock out the owner who requests a code elsewhere', async () => {
    const { email, mobile } = await person();
    const stranger = caller();
    for (const begin of [byMail, bySms]) {
      const code = await begin(begin === byMail ? email : mobile, stranger);
      await exhaust(code.guess, code.right);
    }
    await moveClock(domain.database, 61);
    const own = await byMail(email, caller());
    expect(await codeOf(own.guess(own.right))).to.equal('none');
  });

  it('of strangers everywhere are forgotten when an operator unlocks the account', async () => {
    const { id, email, mobile } = await person();
    for (const [begin, contact] of [[byMail, email] as const, [bySms, mobile] as const]) {
      const { right } = await begin(contact, caller());
      for (let step = 1; step <= 5; step += 1) {
        const code = otherThan(right, step);
        const key = parseEmail(email)?.key ?? '';
        const origin = caller();
        const guess =
          begin === byMail
            ? domain.emailCode.verify({ email: key, code, browser, origin })
            : domain.smsCode.verify({ mobile, code, browser, origin });
        expect(await codeOf(guess)).to.equal('CODE_WRONG');
      }
    }
    const fromElsewhere = () => domain.smsCode.verify({ mobile, code: '123456', browser, origin: caller() });
    expect(await codeOf(fromElsewhere())).to.equal('TOO_MANY_ATTEMPTS');
    await domain.locks.unlock(id);
    expect(await codeOf(fromElsewhere())).to.equal('CODE_WRONG');
  });

  it('of an address that nobody has end in the same way', async () => {
    const origin = caller();
    const email = newEmail();
    for (let code = 1; code <= 2; code += 1) {
      const { guess } = await byMail(email, origin);
      expect(await exhaust(guess, '123456')).to.deep.equal(
        code === 1 ? Array(6).fill('CODE_WRONG') : [...Array(5).fill('CODE_WRONG'), 'TOO_MANY_ATTEMPTS'],
      );
      await moveClock(domain.database, 61);
    }
  });
});
