import { expect } from 'chai';
import { MFA } from '../../../src/domain/sign-in/mfa.ts';
import { anyFactor, missingPage, secondFactor } from '../../../src/domain/sign-in/requirements.ts';
import {
  acrOfSession,
  authenticationContext,
  completeFactor,
} from '../../../src/domain/sign-in/sign-in-state.ts';

const PASSWORD = { method: 'password', at: 100 } as const;
const PASSKEY = { method: 'passkey', at: 130 } as const;
const CODE = { method: 'code', at: 160 } as const;

describe('the state of a sign-in', () => {
  it('reports the acr and amr of a single method, and when it was completed', () => {
    expect(authenticationContext(completeFactor(undefined, 1, PASSWORD))).to.deep.equal({
      acr: 'urn:pratu:acr:password',
      amr: ['pwd'],
      authTime: 100,
    });
    expect(authenticationContext(completeFactor(undefined, 1, CODE))).to.deep.equal({
      acr: 'urn:pratu:acr:sms',
      amr: ['otp', 'sms'],
      authTime: 160,
    });
  });

  it('reports multi-factor authentication for two methods of different kinds, as of the last one', () => {
    const both = completeFactor(completeFactor(undefined, 1, PASSWORD), 1, CODE);
    expect(authenticationContext(both)).to.deep.equal({
      acr: MFA.acr,
      amr: ['pwd', 'otp', 'sms', 'mfa'],
      authTime: 160,
    });
  });

  it('reports no multi-factor authentication for two methods of one kind', () => {
    const both = completeFactor(completeFactor(undefined, 1, CODE), 1, { method: 'totp', at: 170 });
    expect(authenticationContext(both)).to.deep.equal({
      acr: 'urn:pratu:acr:sms',
      amr: ['otp', 'sms'],
      authTime: 170,
    });
  });

  it('reports the acr that is essential to the client where the factors satisfy it', () => {
    const both = completeFactor(completeFactor(undefined, 1, PASSWORD), 1, { method: 'totp', at: 170 });
    const acrFor = (...essential: string[]) => authenticationContext(both, { essential }).acr;
    expect(acrFor('urn:pratu:acr:password')).to.equal('urn:pratu:acr:password');
    expect(acrFor('urn:pratu:acr:password', MFA.acr)).to.equal(MFA.acr);
    expect(acrFor('urn:pratu:acr:sms')).to.equal(MFA.acr);
    expect(authenticationContext(both, { essential: ['urn:pratu:acr:password'] }).amr).to.include(MFA.amr);
  });

  it('reports of a passkey the acr that is requested, of the two that it satisfies', () => {
    const alone = completeFactor(undefined, 1, PASSKEY);
    const amr = ['pop', 'user', 'mfa'];
    expect(authenticationContext(alone)).to.deep.equal({ acr: 'urn:pratu:acr:passkey', amr, authTime: 130 });
    for (const request of [{ acrs: [MFA.acr] }, { acrs: [MFA.acr], essential: [MFA.acr] }])
      expect(authenticationContext(alone, request)).to.deep.equal({ acr: MFA.acr, amr, authTime: 130 });
    const weaker = { acrs: ['urn:pratu:acr:password', 'urn:pratu:acr:mfa'] };
    expect(authenticationContext(alone, weaker).acr).to.equal(MFA.acr);
    const second = completeFactor(completeFactor(undefined, 1, PASSWORD), 1, PASSKEY);
    expect(authenticationContext(second)).to.deep.include({ acr: MFA.acr, amr: ['pwd', ...amr] });
  });

  it('chooses the acr of a session with two factors for each request', () => {
    const password = 'urn:pratu:acr:password';
    const app = { acr: MFA.acr, amr: ['pwd', 'otp', 'mfa'] };
    expect(acrOfSession(app, {})).to.equal(MFA.acr);
    expect(acrOfSession(app, { acrs: [password] })).to.equal(MFA.acr);
    expect(acrOfSession(app, { acrs: [password], essential: [password] })).to.equal(password);
    // a client that requires the weaker acr as essential does not weaken the session for others
    expect(acrOfSession({ ...app, acr: password }, { acrs: [MFA.acr] })).to.equal(MFA.acr);
    expect(acrOfSession(app, { essential: ['urn:pratu:acr:sms'] })).to.equal(MFA.acr);
    const sms = { acr: MFA.acr, amr: ['pwd', 'otp', 'sms', 'mfa'] };
    expect(acrOfSession(sms, { essential: ['urn:pratu:acr:sms'] })).to.equal('urn:pratu:acr:sms');
    const oneKind = { acr: 'urn:pratu:acr:sms', amr: ['otp', 'sms'] };
    expect(acrOfSession(oneKind, { acrs: [MFA.acr], essential: [MFA.acr] })).to.equal('urn:pratu:acr:sms');
  });

  it('chooses the acr of a session with a passkey for each request', () => {
    const alone = { acr: 'urn:pratu:acr:passkey', amr: ['pop', 'user', 'mfa'] };
    expect(acrOfSession(alone, { acrs: [MFA.acr] })).to.equal(MFA.acr);
    expect(acrOfSession({ ...alone, acr: MFA.acr }, {})).to.equal('urn:pratu:acr:passkey');
    expect(acrOfSession({ ...alone, acr: MFA.acr }, { acrs: ['urn:pratu:acr:password'] })).to.equal(
      'urn:pratu:acr:passkey',
    );
    const both = { acr: MFA.acr, amr: ['pwd', 'pop', 'user', 'mfa'] };
    expect(acrOfSession(both, { acrs: ['urn:pratu:acr:passkey'] })).to.equal(MFA.acr);
    expect(acrOfSession(both, { essential: ['urn:pratu:acr:passkey'] })).to.equal('urn:pratu:acr:passkey');
    expect(acrOfSession({}, { acrs: [MFA.acr] })).to.equal(undefined);
  });

  it('counts a repeated method once', () => {
    const twice = completeFactor(completeFactor(undefined, 1, PASSWORD), 1, { ...PASSWORD, at: 130 });
    expect(twice.completed).to.deep.equal([{ method: 'password', at: 130 }]);
    expect(authenticationContext(twice).acr).to.equal('urn:pratu:acr:password');
  });

  it('never adds up the factors of two accounts', () => {
    const other = completeFactor(completeFactor(undefined, 1, PASSWORD), 2, CODE);
    expect(other).to.deep.equal({ accountId: 2, completed: [CODE] });
  });

  it('has no authentication context before the first factor', () => {
    expect(() => authenticationContext({ accountId: 1, completed: [] })).to.throw('without a factor');
  });
});

describe('the requirements of a sign-in', () => {
  const request = { acrs: [] as string[], essential: undefined as string[] | undefined, isRemembered: false };
  const done = completeFactor(undefined, 1, PASSWORD);
  const both = completeFactor(done, 1, { method: 'totp', at: 200 });
  const factorOf = (policy: 'optional' | 'required' | 'off', enrolled: boolean, passkey = false) =>
    secondFactor({
      policy,
      hasPasskey: async () => passkey,
      credentials: { has: async () => true },
      secondFactors: {
        offer: async () => ({
          isEnrolled: enrolled,
          methods: enrolled ? ['totp', 'recovery-code'] : [],
          sent: [],
          recoveryCodes: 1,
        }),
      },
    });

  it('are open until each is met, in their order', async () => {
    const begun = { accountId: 1, completed: [] };
    const all = [anyFactor, factorOf('optional', true)];
    expect(await missingPage(all, begun, request)).to.equal('login');
    expect(await missingPage(all, done, request)).to.equal('second-factor');
    expect(await missingPage(all, both, request)).to.equal(undefined);
  });

  const cases: [string, ReturnType<typeof factorOf>, Partial<typeof request>, string | undefined][] = [
    ['an account without one', factorOf('optional', false), {}, undefined],
    ['an account with one', factorOf('optional', true), {}, 'second-factor'],
    ['a remembered browser', factorOf('optional', true), { isRemembered: true }, undefined],
    [
      'a client that asks for it',
      factorOf('optional', true),
      { acrs: [MFA.acr], isRemembered: true },
      'second-factor',
    ],
    ['a client that asks in vain', factorOf('optional', false), { acrs: [MFA.acr] }, undefined],
    ['everyone, to be set up', factorOf('required', false), {}, 'second-factor/new'],
    ['everyone, as a passkey that is there', factorOf('required', false, true), {}, 'second-factor'],
    ['nobody for a passkey alone', factorOf('optional', false, true), { acrs: [MFA.acr] }, undefined],
    [
      'a passkey, where the sign-in fails without',
      factorOf('optional', false, true),
      { acrs: [MFA.acr], essential: [MFA.acr] },
      'second-factor',
    ],
    ['nobody', factorOf('off', true), {}, undefined],
    ['nobody but for a client', factorOf('off', true), { acrs: [MFA.acr] }, 'second-factor'],
  ];
  it('want no second factor for a client after a method of the same kind, with which it makes no two', async () => {
    const bySms = completeFactor(undefined, 1, CODE);
    const wanted = { acrs: [MFA.acr], isRemembered: true };
    expect(await missingPage([factorOf('off', true)], bySms, wanted)).to.equal(undefined);
    expect(await missingPage([factorOf('optional', true)], bySms, wanted)).to.equal(undefined);
    expect(await missingPage([factorOf('optional', true)], bySms, request)).to.equal('second-factor');
  });

  it('ask for the password where the only second factor is what the sign-in began with', async () => {
    const onlyBySms = (policy: 'optional' | 'required', hasPassword: boolean) =>
      secondFactor({
        policy,
        hasPasskey: async () => false,
        credentials: { has: async () => hasPassword },
        secondFactors: { offer: async () => ({ isEnrolled: true, methods: [], sent: [], recoveryCodes: 0 }) },
      });
    const bySms = completeFactor(undefined, 1, CODE);
    const andPassword = completeFactor(bySms, 1, PASSWORD);
    expect(await missingPage([onlyBySms('optional', true)], bySms, request)).to.equal('login');
    expect(await missingPage([onlyBySms('optional', true)], andPassword, request)).to.equal(undefined);
    expect(await missingPage([onlyBySms('optional', false)], bySms, request)).to.equal(undefined);
    expect(await missingPage([onlyBySms('required', false)], bySms, request)).to.equal('second-factor/new');
  });

  it('are met by an offered factor only, in whatever order others were completed', async () => {
    const bySms = completeFactor(done, 1, CODE);
    expect(await missingPage([factorOf('optional', true)], bySms, request)).to.equal('second-factor');
    const all = completeFactor(bySms, 1, { method: 'recovery-code', at: 210 });
    expect(await missingPage([factorOf('optional', true)], all, request)).to.equal(undefined);
  });

  it('are met by a passkey alone', async () => {
    const byPasskey = completeFactor(undefined, 1, PASSKEY);
    const wanted = { acrs: [MFA.acr], essential: [MFA.acr], isRemembered: false };
    expect(await missingPage([factorOf('required', true, true)], byPasskey, wanted)).to.equal(undefined);
  });

  for (const [name, requirement, given, page] of cases) {
    it(`want a second factor of ${name}: ${page}`, async () => {
      expect(await missingPage([requirement], done, { ...request, ...given })).to.equal(page);
    });
  }
});
