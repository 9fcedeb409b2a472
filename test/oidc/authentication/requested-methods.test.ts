import { expect } from 'chai';
import { passwordMethod } from '../../../src/domain/authenticators/password/method.ts';
import { smsCodeMethod } from '../../../src/domain/authenticators/sms-code/method.ts';
import { MFA } from '../../../src/domain/sign-in/mfa.ts';
import {
  type RequestedAuthentication,
  requestedMethods as requestedMethodsBy,
} from '../../../src/oidc/authentication/requested-methods.ts';

const requestedMethods = (asked: RequestedAuthentication) => requestedMethodsBy(['password', 'code'], asked);

const acr = (request: object | null): { claims: string } => ({
  claims: JSON.stringify({ id_token: { acr: request } }),
});

describe('the ways to sign in', () => {
  it('are all offered, the password first, unless the client requests otherwise', () => {
    for (const asked of [
      {},
      { acr_values: 'urn:other' },
      { claims: '{}' },
      { claims: '{"userinfo":{}}' },
      acr(null),
    ])
      expect(requestedMethods(asked)).to.deep.equal(['password', 'code']);
  });

  it("come in the client's order of preference", () => {
    expect(requestedMethods({ acr_values: smsCodeMethod.acr })).to.deep.equal(['code', 'password']);
    expect(
      requestedMethods({ acr_values: `urn:other ${smsCodeMethod.acr} ${passwordMethod.acr}` }),
    ).to.deep.equal(['code', 'password']);
    expect(requestedMethods({ acr_values: `${passwordMethod.acr} ${smsCodeMethod.acr}` })).to.deep.equal([
      'password',
      'code',
    ]);
    expect(requestedMethods(acr({ value: smsCodeMethod.acr }))).to.deep.equal(['code', 'password']);
    expect(requestedMethods(acr({ values: ['urn:other', smsCodeMethod.acr] }))).to.deep.equal([
      'code',
      'password',
    ]);
    expect(
      requestedMethods({ ...acr({ value: smsCodeMethod.acr }), acr_values: passwordMethod.acr }),
    ).to.deep.equal(['code', 'password']);
  });

  it('are those that an essential acr leaves, or all when it leaves none', () => {
    expect(requestedMethods(acr({ essential: true, value: smsCodeMethod.acr }))).to.deep.equal(['code']);
    expect(requestedMethods(acr({ essential: true, values: [passwordMethod.acr] }))).to.deep.equal([
      'password',
    ]);
    expect(
      requestedMethods(acr({ essential: true, values: [smsCodeMethod.acr, passwordMethod.acr] })),
    ).to.deep.equal(['code', 'password']);
    expect(requestedMethods(acr({ essential: true, value: 'urn:other' }))).to.deep.equal([
      'password',
      'code',
    ]);
    // a code by SMS and an app are both factors of possession
    expect(requestedMethods(acr({ essential: true, value: MFA.acr }))).to.deep.equal(['password']);
    expect(requestedMethods({ acr_values: `${MFA.acr} ${smsCodeMethod.acr}` })).to.deep.equal([
      'password',
      'code',
    ]);
    expect(requestedMethods(acr({ essential: true }))).to.deep.equal(['password', 'code']);
  });
});
