import { expect } from 'chai';
import { otherMethods } from '../../../src/pages/steps/other-methods.ts';
import type { CurrentSignIn } from '../../../src/pages/steps/steps.ts';

const sms = new Set(['sms', 'mail'] as const);
const mailOnly = new Set(['mail'] as const);
const signIn = { uid: '1', methods: ['password', 'code'] } as unknown as CurrentSignIn;

describe('the links to other methods of the steps that verify a mobile', () => {
  it('lead to every page but the one that the steps began at', () => {
    expect(otherMethods('register', { path: '/register' }, sms)).to.deep.equal({
      signInAddress: '/account',
      forgotAddress: '/forgot-password',
    });
    expect(otherMethods('reset', { path: '/forgot-password' }, sms)).to.deep.equal({
      signInAddress: '/account',
      registerAddress: '/register',
    });
    expect(otherMethods('login', { path: '/interaction/1/sms', signIn }, sms)).to.deep.equal({
      signInAddress: '/interaction/1/login',
      emailAddress: undefined,
      registerAddress: '/interaction/1/register',
      forgotAddress: '/interaction/1/forgot-password',
    });
  });

  it('stay in the sign-in, and begin it again once it is over', () => {
    expect(otherMethods('register', { path: '', signIn }, sms).signInAddress).to.equal('/interaction/1');
    const originalUrl = '/oauth/authorize?client_id=spa';
    expect(otherMethods('reset', { path: '', originalUrl }, sms).signInAddress).to.equal(originalUrl);
  });

  it('offer no page that cannot work', () => {
    expect(otherMethods('reset', { path: '' }, mailOnly).registerAddress).to.equal(undefined);
    const codeOnly = { ...signIn, methods: ['code'] as const };
    expect(otherMethods('login', { path: '', signIn: codeOnly }, sms).signInAddress).to.equal(undefined);
    const withEmail = { ...signIn, methods: ['code', 'email-code'] as const };
    const { emailAddress } = otherMethods('login', { path: '', signIn: withEmail }, sms);
    expect(emailAddress).to.equal('/interaction/1/email');
  });
});
