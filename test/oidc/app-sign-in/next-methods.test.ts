import { expect } from 'chai';
import { nextMethods } from '../../../src/oidc/app-sign-in/next-methods.ts';

const essential = (value: string) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, value } } }),
});

describe('the methods of a sign-in inside an app', () => {
  /** The methods of a deployment in which no app can request codes by SMS. */
  const methods = nextMethods(
    {
      methods: ['password', 'code'],
      requirements: [],
      secondFactors: { offer: async () => ({ isEnrolled: false, methods: [], sent: [], recoveryCodes: 0 }) },
      hasPasskey: async () => false,
      accounts: { find: async () => undefined },
    },
    {},
  );

  it('are only those that apps can take', () => {
    expect(methods.first({})).to.deep.equal({ methods: ['password'], otpChannels: [] });
  });

  it('lead to the browser where only a page gives what the client insists on', () => {
    expect(() => methods.first(essential('urn:pratu:acr:sms')))
      .to.throw()
      .with.property('error', 'redirect_to_web');
  });

  it('lead nowhere for an acr that no page provides either', () => {
    const refused = expect(() => methods.first(essential('urn:pratu:acr:passkey'))).to.throw();
    refused.with.property('error', 'unmet_authentication_requirements');
  });

  it('lead to the browser when the account is gone', async () => {
    const state = { accountId: 1, completed: [{ method: 'password' as const, at: 1 }] };
    const left = await methods.after(state, {}).catch((error: { error: string }) => error);
    expect(left).to.include({ error: 'redirect_to_web' });
  });
});
