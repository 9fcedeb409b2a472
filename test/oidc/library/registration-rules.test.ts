import { expect } from 'chai';
import { RegistrationError } from '../../../src/oidc/library/registration-error.ts';
import { completeRegistration } from '../../../src/oidc/library/registration-rules.ts';

const RESOURCES = [{ identifier: 'https://api.example/', scopes: ['api:read'], tokens: 'jwt' as const }];
const RULE = {
  subject_clients: ['shop'],
  resource: 'https://api.example/',
  scope: 'api:read',
  mode: 'impersonation',
};
const complete = (given: Record<string, unknown>) => completeRegistration(given, RESOURCES);

function problemOf(given: Record<string, unknown>): string {
  try {
    complete(given);
    return 'none';
  } catch (error) {
    if (error instanceof RegistrationError) return error.problem;
    throw error;
  }
}

describe('rules of a registration', () => {
  it('generates an ID and a number, and derives the response types', () => {
    const app = complete({ redirect_uris: ['https://app.example/cb'] });
    expect(app.client_id).to.match(/^[0-9a-f]{32}$/);
    expect(app.number).to.be.within(100_000_000, 999_999_999);
    expect(app.response_types).to.deep.equal(['code']);
    expect(complete({ grant_types: ['client_credentials'] }).response_types).to.deep.equal([]);
  });

  it('gives a partner a decimal ID, which is its number', () => {
    const partner = complete({ token_profile: 'partner' });
    expect(partner.client_id).to.equal(String(partner.number));
    expect(complete({ client_id: '2171' }).number).to.equal(2171);
  });

  it('refuses by its name what FAPI 2.0 does not allow, also where the library has it as a default', () => {
    const bank = { fapi_profile: '2.0', redirect_uris: ['https://rp.example/cb'] };
    expect(complete(bank)).to.not.have.property('introspection_signed_response_alg');
    expect(() => complete({ ...bank, introspection_signed_response_alg: 'RS256' })).to.throw(
      'introspection_signed_response_alg must be PS256, ES256 or EdDSA for FAPI 2.0',
    );
  });

  const refused: [problem: string, given: Record<string, unknown>][] = [
    ['generated', { client_secret: 'mine' }],
    ['client_id', { client_id: 'with space' }],
    ['client_id', { client_id: 'letters', token_profile: 'partner' }],
    ['number', { client_id: '42', number: 43 }],
    ['bindings', { bindings: ['facebook'] }],
    ['offline_access', { scope: 'openid offline_access' }],
    ['only_refreshes', { grant_types: ['refresh_token'] }],
    ['default_resource', { default_resource: 'https://other.example/' }],
    ['token_exchange', { token_exchange: [{ ...RULE, resource: 'https://other.example/' }] }],
    ['token_exchange', { token_exchange: [{ ...RULE, subject_resource: 'https://other.example/' }] }],
    ['token_exchange', { token_exchange: [{ ...RULE, scope: 'api:read nosuch' }] }],
    ['none', { token_exchange: [RULE] }],
    ['client_credentials_scope', { client_credentials_scope: 'api:read nosuch' }],
  ];
  for (const [problem, given] of refused) {
    it(`finds ${problem} wrong with ${JSON.stringify(given)}`, () =>
      expect(problemOf(given)).to.equal(problem));
  }
});
