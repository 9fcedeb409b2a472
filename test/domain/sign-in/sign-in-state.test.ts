import { expect } from 'chai';
import { anyFactor, openRequirement } from '../../../src/domain/sign-in/requirements.ts';
import {
  authenticationContext,
  completeFactor,
  MULTI_FACTOR_ACR,
} from '../../../src/domain/sign-in/sign-in-state.ts';

const PASSWORD = { method: 'password', at: 100 } as const;
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
      acr: MULTI_FACTOR_ACR,
      amr: ['pwd', 'otp', 'sms', 'mfa'],
      authTime: 160,
    });
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
  const second = { name: 'second', isMet: async () => false, page: 'second-factor' };

  it('are open until each is met, in their order', async () => {
    const begun = { accountId: 1, completed: [] };
    const done = completeFactor(undefined, 1, PASSWORD);
    expect((await openRequirement([anyFactor, second], begun))?.name).to.equal('any-factor');
    expect((await openRequirement([anyFactor, second], done))?.name).to.equal('second');
    expect(await openRequirement([anyFactor], done)).to.equal(undefined);
  });
});
