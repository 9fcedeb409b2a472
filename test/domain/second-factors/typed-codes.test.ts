import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { moveClock } from '../../support/clock.ts';
import { spelled } from '../../support/spellings.ts';
import { type EnrolledApp, enrolApp } from '../../support/totp.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { EMAIL, MOBILE, sentSteps } from './sent-steps.ts';

const NO_CODES = ['', ' ', '123', '12345', '1234567', 'abcdef', 'abcde-fghi'];

describe('typed codes of second factors', () => {
  let domain: EmptyDomain;
  let accountId: number;
  let app: EnrolledApp;
  let address: string;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  beforeEach(async () => {
    await domain.empty();
    address = `10.${randomInt(256)}.${randomInt(256)}.1`;
    const { id } = await domain.lifecycle.create({
      contacts: [
        { kind: 'mobile', value: MOBILE, verified: true },
        { kind: 'email', value: EMAIL, verified: true },
      ],
    });
    accountId = id;
    app = await enrolApp(domain, accountId);
  });

  const steps = sentSteps(() => ({ domain, accountId, address }));
  const origin = () => ({ address });
  const verify = (code: string): Promise<string> =>
    domain.secondFactors.verify(accountId, code, { origin: origin(), clientId: undefined });
  const thai = (text: string): string =>
    text.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0e50 + Number(digit)));

  it('of apps are accepted in Thai digits, in groups, and with invisible characters', async () => {
    const spellings: ((code: string) => string)[] = [
      thai,
      (code) => `${code.slice(0, 3)}-${code.slice(3)}`,
      (code) => `\u202a${code}\u202c`,
    ];
    for (const spell of spellings) {
      const typed = spell(app.code());
      expect(await verify(typed), JSON.stringify(typed)).to.equal('totp');
      await moveClock(domain.database, 60);
    }
    const [typed = ''] = fc.sample(spelled(app.code()), 1);
    expect(await verify(typed), JSON.stringify(typed)).to.equal('totp');
  });

  it('that replace a factor are accepted with other dashes and with invisible characters', async () => {
    const spellings = ['\u2013', '\u2011', '\u2212', ' \u2014 ', '\u200e-\u200b', '\u00a0'];
    for (const [index, dash] of spellings.entries()) {
      const typed = (app.recoveryCodes[index] ?? '').replace('-', dash);
      expect(await verify(typed), JSON.stringify(typed)).to.equal('recovery-code');
    }
    const [typed = ''] = fc.sample(spelled(app.recoveryCodes[9] ?? ''), 1);
    expect(await verify(typed), JSON.stringify(typed)).to.equal('recovery-code');
  });

  it('cost no attempt if they cannot be codes', async () => {
    await steps.send('sms');
    const code = await steps.codeSent('sms');
    await domain.secondFactors.begin(accountId, 'Tablet');
    const guesses: ((typed: string) => Promise<unknown>)[] = [
      verify,
      (typed) => domain.secondFactors.confirm(accountId, typed, origin()),
      (typed) => steps.verify('sms', typed),
      (typed) =>
        domain.secondFactors.turnOn(accountId, 'sms', { code: typed, browser: 'mine', origin: origin() }),
      (typed) =>
        domain.contactProofs.prove(accountId, 'sms', { code: typed, browser: 'mine', origin: origin() }),
    ];
    for (const guess of guesses)
      for (const typed of NO_CODES) expect(await codeOf(guess(typed)), typed).to.equal('CODE_WRONG');
    expect(await verify(app.code())).to.equal('totp');
    const guess = { code, browser: 'mine', origin: origin() };
    expect(await codeOf(domain.secondFactors.turnOn(accountId, 'sms', guess))).to.equal('none');
  });
});
