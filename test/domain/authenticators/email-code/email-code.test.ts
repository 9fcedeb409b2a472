import { expect } from 'chai';
import { parseEmail } from '../../../../src/domain/values/email.ts';
import { otherThan } from '../../../apis/customers/code-steps.ts';
import { moveClock } from '../../../support/clock.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../../empty-domain.ts';
import { caller, emailContact, mailsTo, newEmail } from '../../recovery/recovery-steps.ts';
import { addressee, ask, mailedCode, newBrowser } from './email-steps.ts';

describe('signing in with a code by e-mail', () => {
  let domain: EmptyDomain;
  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  const keyOf = (email: string): string => parseEmail(email)?.key ?? '';
  const verify = (email: string, code: string, browser: string, origin = caller()) =>
    domain.emailCode.verify({ email: keyOf(email), code, browser, origin });

  /** A person at a browser who has requested a code and received it. */
  async function asked(origin = caller()) {
    const { id, email } = await addressee(domain);
    const browser = newBrowser();
    await ask(domain, email, { browser, address: origin.address });
    return { id, email, browser, origin, ...(await mailedCode(domain, email)) };
  }

  it('is for the account of the address, and written in its trail', async () => {
    const { id, email, browser, origin, code } = await asked();
    expect((await verify(email, code, browser, origin)).id).to.equal(id);
    const [event] = await domain.database.knex('audit').where({ account_id: id, event: 'sign_in.succeeded' });
    expect(event.details).to.include({ method: 'email-code' });
  });

  it('writes to the address as the account has it, in whatever spelling it was typed', async () => {
    const email = `Somchai.${newEmail()}`;
    await addressee(domain, email);
    await ask(domain, email.toUpperCase());
    expect(await mailsTo(domain, email)).to.have.lengthOf(1);
    expect(await mailsTo(domain, email.toUpperCase())).to.have.lengthOf(0);
  });

  it('works once, for one of twenty simultaneous attempts', async () => {
    const { id, email, browser, code, origin } = await asked();
    const right = await domain.emailCodes.check({ email: keyOf(email), code, browser, origin });
    const uses = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(domain.emailCodes.use(domain.database.knex, right))),
    );
    expect(uses.filter((use) => use === 'none')).to.have.lengthOf(1);
    // the same form, sent again by the same browser, gets the same response for a minute
    expect((await verify(email, code, browser, origin)).id).to.equal(id);
    expect(await codeOf(verify(email, code, newBrowser(), origin))).to.equal('CODE_WRONG');
    await moveClock(domain.database, 61);
    expect(await codeOf(verify(email, code, browser, origin))).to.equal('CODE_WRONG');
  });

  it('ends with its time, and with a newer one', async () => {
    const first = await asked();
    await moveClock(domain.database, 61);
    await ask(domain, first.email, { browser: first.browser });
    expect(await codeOf(verify(first.email, first.code, first.browser))).to.equal('CODE_WRONG');
    const { code } = await mailedCode(domain, first.email);
    await moveClock(domain.database, 301);
    expect(await codeOf(verify(first.email, code, first.browser))).to.equal('CODE_WRONG');
  });

  it('is worth nothing in another browser, at another address, or for anything else', async () => {
    const one = await asked();
    const other = await asked();
    expect(await codeOf(verify(one.email, one.code, newBrowser()))).to.equal('CODE_WRONG');
    expect(await codeOf(verify(other.email, one.code, one.browser))).to.equal('CODE_WRONG');
    expect(await codeOf(verify(one.email, one.code, other.browser))).to.equal('CODE_WRONG');
    const holder = {
      ...{ accountId: one.id, browser: one.browser },
      contact: { kind: 'email', key: keyOf(one.email) } as const,
    };
    for (const purpose of ['second_factor', 'remove_second_factor'] as const)
      expect(await domain.contactCodes.use({ ...holder, purpose }, one.code)).to.equal(false);
    expect((await verify(one.email, one.code, one.browser, one.origin)).id).to.equal(one.id);
  });

  it('is no second factor’s code, nor the other way round', async () => {
    const { id, email } = await addressee(domain);
    const browser = newBrowser();
    const request = { locale: 'en', address: caller().address, browser } as const;
    await domain.secondFactors.send(id, 'email', request);
    const [mail] = await mailsTo(domain, email);
    const code = /\b\d{6}\b/.exec(mail ?? '')?.[0] ?? '';
    expect(code).to.match(/^\d{6}$/);
    expect(await codeOf(verify(email, code, browser))).to.equal('CODE_WRONG');
  });

  it('goes to no address that is unverified, unconfirmed after a recovery, of a suspended account or of none', async () => {
    const unverified = newEmail();
    await domain.lifecycle.create({ contacts: [emailContact(unverified, false)] });
    const unconfirmed = await addressee(domain);
    await domain.database
      .knex('contacts')
      .where({ account_id: unconfirmed.id })
      .update({ unconfirmed_since: domain.database.knex.raw('pratu_now()') });
    const suspended = await addressee(domain);
    await domain.lifecycle.suspend(suspended.id);
    const nobody = newEmail();
    for (const email of [unverified, unconfirmed.email, suspended.email, nobody]) {
      const before = (await mailsTo(domain, email)).length;
      expect(await ask(domain, email)).to.include({ expiresIn: 300, resendAfter: 60 });
      expect(await mailsTo(domain, email)).to.have.lengthOf(before);
    }
  });

  it('signs in no account that was suspended, or that lost its address, in the meantime', async () => {
    const suspended = await asked();
    await domain.lifecycle.suspend(suspended.id);
    expect(await codeOf(verify(suspended.email, suspended.code, suspended.browser))).to.equal('CODE_WRONG');
    const removed = await asked();
    await domain.database.knex('contacts').where({ account_id: removed.id }).delete();
    expect(await codeOf(verify(removed.email, removed.code, removed.browser))).to.equal('CODE_WRONG');
  });

  it('is asked for once in a minute; the same browser is told that it is on its way', async () => {
    const { email } = await addressee(domain);
    const browser = newBrowser();
    const answers = await Promise.all([0, 1].map(() => ask(domain, email, { browser })));
    expect(answers.filter((answer) => answer === undefined)).to.have.lengthOf(1);
    expect(await mailsTo(domain, email)).to.have.lengthOf(1);
    expect(await codeOf(ask(domain, email))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('leaves the last of its mails to places that have not asked today', async () => {
    const { email } = await addressee(domain);
    const { address } = caller();
    let sent = 0;
    for (let time = 0; time < 8; time += 1) {
      if ((await codeOf(ask(domain, email, { address }))) === 'none') sent += 1;
      await moveClock(domain.database, 61);
    }
    // the first request counts as one from a new network
    expect(sent).to.equal(3);
    expect(await codeOf(ask(domain, email))).to.equal('none');
  });

  it('can be guessed five times, and is invalid afterwards', async () => {
    const { email, browser, code, origin } = await asked();
    for (let step = 1; step <= 5; step += 1)
      expect(await codeOf(verify(email, otherThan(code, step), browser, origin))).to.equal('CODE_WRONG');
    expect(await codeOf(verify(email, code, browser, origin))).to.equal('CODE_WRONG');
  });

  it('opens a link that knows the browser, and changes nothing', async () => {
    const { email } = await addressee(domain);
    const browser = newBrowser();
    await ask(domain, email, { browser, uid: 'some-sign-in' });
    const { key, link, code } = await mailedCode(domain, email);
    expect(decodeURIComponent(link)).to.not.include(code);
    for (let time = 0; time < 30; time += 1) {
      const read = domain.emailCode.readLink(key, browser);
      expect(read).to.include({ email: keyOf(email), code, uid: 'some-sign-in', isOfBrowser: true });
      expect(read && (await domain.emailCode.isWaiting(read))).to.equal(true);
    }
    expect(domain.emailCode.readLink(key, newBrowser())?.isOfBrowser).to.equal(false);
    expect(domain.emailCode.readLink(key, undefined)?.isOfBrowser).to.equal(false);
    await verify(email, code, browser);
    const used = domain.emailCode.readLink(key, browser);
    expect(used && (await domain.emailCode.isWaiting(used))).to.equal(false);
  });

  it('reads no link that was changed or forged', async () => {
    const { key } = await asked();
    for (const other of ['', 'x', key.slice(0, -2), `${key.slice(0, -6)}AAAAAA`, 'a'.repeat(5000)])
      expect(domain.emailCode.readLink(other, newBrowser())).to.equal(undefined);
  });
});
