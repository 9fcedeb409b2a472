import { expect } from 'chai';
import { CODE_ACR, PASSWORD_ACR } from '../../../src/oidc/authentication/methods.ts';
import {
  type AskedAuthentication,
  signInWays as signInWaysBy,
} from '../../../src/oidc/authentication/offered-methods.ts';

const signInWays = (asked: AskedAuthentication) => signInWaysBy(['password', 'code'], asked);

const acr = (request: object | null): { claims: string } => ({
  claims: JSON.stringify({ id_token: { acr: request } }),
});

describe('the ways to sign in', () => {
  it('are all there, the password first, unless the client says otherwise', () => {
    for (const asked of [
      {},
      { acr_values: 'urn:other' },
      { claims: '{}' },
      { claims: '{"userinfo":{}}' },
      acr(null),
    ])
      expect(signInWays(asked)).to.deep.equal(['password', 'code']);
  });

  it('come in the order that the client likes', () => {
    expect(signInWays({ acr_values: CODE_ACR })).to.deep.equal(['code', 'password']);
    expect(signInWays({ acr_values: `urn:other ${CODE_ACR} ${PASSWORD_ACR}` })).to.deep.equal([
      'code',
      'password',
    ]);
    expect(signInWays({ acr_values: `${PASSWORD_ACR} ${CODE_ACR}` })).to.deep.equal(['password', 'code']);
    expect(signInWays(acr({ value: CODE_ACR }))).to.deep.equal(['code', 'password']);
    expect(signInWays(acr({ values: ['urn:other', CODE_ACR] }))).to.deep.equal(['code', 'password']);
    expect(signInWays({ ...acr({ value: CODE_ACR }), acr_values: PASSWORD_ACR })).to.deep.equal([
      'code',
      'password',
    ]);
  });

  it('are those that an essential acr leaves, or all when it leaves none', () => {
    expect(signInWays(acr({ essential: true, value: CODE_ACR }))).to.deep.equal(['code']);
    expect(signInWays(acr({ essential: true, values: [PASSWORD_ACR] }))).to.deep.equal(['password']);
    expect(signInWays(acr({ essential: true, values: [CODE_ACR, PASSWORD_ACR] }))).to.deep.equal([
      'code',
      'password',
    ]);
    expect(signInWays(acr({ essential: true, value: 'urn:other' }))).to.deep.equal(['password', 'code']);
    expect(signInWays(acr({ essential: true }))).to.deep.equal(['password', 'code']);
  });
});
