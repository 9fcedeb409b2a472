import { expect } from 'chai';
import { passkeyMethod } from '../../../src/domain/authenticators/passkey/method.ts';
import { passwordMethod } from '../../../src/domain/authenticators/password/method.ts';
import { smsCodeMethod } from '../../../src/domain/authenticators/sms-code/method.ts';
import { MFA } from '../../../src/domain/sign-in/mfa.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const PATHS = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

const ENDPOINTS = {
  authorization_endpoint: '/oauth/authorize',
  token_endpoint: '/oauth/token',
  userinfo_endpoint: '/oauth/userinfo',
  jwks_uri: '/oauth/jwks',
  introspection_endpoint: '/oauth/introspect',
  revocation_endpoint: '/oauth/revoke',
  pushed_authorization_request_endpoint: '/oauth/par',
  device_authorization_endpoint: '/oauth/device',
  end_session_endpoint: '/oauth/logout',
  registration_endpoint: '/oauth/register',
};

const CLAIMS = [
  'sub name given_name family_name middle_name nickname preferred_username profile picture website gender',
  'birthdate zoneinfo locale updated_at email email_verified phone_number phone_number_verified address',
]
  .join(' ')
  .split(' ');

describe('discovery', () => {
  let server: TestServer;
  let metadata: Record<string, unknown>;

  before(async () => {
    server = await testServer();
    metadata = await (await fetch(`${server.url}${PATHS[0]}`)).json();
  });

  for (const path of PATHS) {
    it(`is JSON at ${path}, for everybody to keep for five minutes`, async () => {
      const answer = await fetch(server.url + path);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.match(/^application\/json/);
      expect(answer.headers.get('cache-control')).to.equal('public, max-age=300');
      expect(await answer.json()).to.include({ issuer: server.url });
    });
  }

  for (const [member, path] of Object.entries(ENDPOINTS)) {
    it(`says ${member}`, () => expect(metadata[member]).to.equal(`${server.url}${path}`));
  }

  it('says what OpenID Connect Discovery §3 requires', () => {
    expect(metadata.response_types_supported).to.deep.equal(['code']);
    expect(metadata.subject_types_supported).to.have.members(['public', 'pairwise']);
    expect(metadata.id_token_signing_alg_values_supported).to.have.members(['RS256', 'PS256', 'ES256']);
    expect(metadata.scopes_supported).to.include.members(['openid', 'profile', 'email', 'phone', 'address']);
    expect(metadata.claims_supported).to.include.members(CLAIMS);
    expect(metadata.code_challenge_methods_supported).to.deep.equal(['S256']);
    expect(metadata.acr_values_supported).to.deep.equal([
      ...[passwordMethod.acr, smsCodeMethod.acr, passkeyMethod.acr, MFA.acr],
    ]);
    expect(metadata.response_modes_supported).to.include.members(['query', 'fragment', 'form_post', 'jwt']);
  });

  it('says what is on', () => {
    expect(metadata).to.include({
      authorization_response_iss_parameter_supported: true,
      claims_parameter_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    });
    expect(metadata.grant_types_supported).to.have.members([
      'authorization_code',
      'refresh_token',
      'password',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:token-exchange',
    ]);
    expect(metadata.token_endpoint_auth_methods_supported).to.have.members([
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'none',
    ]);
  });

  it('offers no unsigned token and nothing that is off', () => {
    expect(JSON.stringify(metadata))
      .to.not.include('"none","RS256"')
      .and.to.not.match(/request_object_encryption|ciba|mtls/i);
    for (const [member, value] of Object.entries(metadata)) {
      if (member.endsWith('signing_alg_values_supported')) expect(value, member).to.not.include('none');
      // RFC 8414 §3.2
      if (Array.isArray(value)) expect(value, member).to.have.length.above(0);
    }
  });
});
