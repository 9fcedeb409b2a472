import { expect } from 'chai';
import { completeFapi, completeLoadedFapi, fapiProblem } from '../../../src/oidc/fapi/registration.ts';
import { initialAccessToken } from '../../support/clients.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { newKey } from './fapi-client.ts';

const GIVEN = { fapi_profile: '2.0', redirect_uris: ['https://rp.example/cb'] };

describe('FAPI 2.0: registrations', () => {
  it('are completed with what the profile asks for', () => {
    expect(completeFapi(GIVEN)).to.deep.equal({
      ...GIVEN,
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    });
    expect(fapiProblem(completeFapi(GIVEN))).to.equal(undefined);
    const byCertificate = completeFapi({ ...GIVEN, tls_client_certificate_bound_access_tokens: true });
    expect(byCertificate).to.not.have.property('dpop_bound_access_tokens');
    expect(fapiProblem(byCertificate)).to.equal(undefined);
  });

  it('of every other client are left alone', () => {
    const other = { token_endpoint_auth_method: 'client_secret_basic' };
    expect(completeFapi(other)).to.equal(other);
    expect(fapiProblem(other)).to.equal(undefined);
    const metadata: Record<string, unknown> = { ...other, id_token_signed_response_alg: 'RS256' };
    completeLoadedFapi(metadata, {});
    expect(metadata.id_token_signed_response_alg).to.equal('RS256');
  });

  it('do not get RS256 for introspection responses, which the library takes by default', () => {
    const loaded = () => ({ ...completeFapi(GIVEN), introspection_signed_response_alg: 'RS256' });
    const asked = { introspection_signed_response_alg: 'RS256' };
    for (const [sent, alg] of [
      [undefined, 'ES256'],
      [{}, 'ES256'],
      [asked, 'RS256'],
    ] as const) {
      const metadata = loaded();
      completeLoadedFapi(metadata, sent);
      expect(metadata.introspection_signed_response_alg).to.equal(alg);
      expect(fapiProblem(metadata) === undefined).to.equal(alg === 'ES256');
    }
  });

  const RSA_1024 = { kty: 'RSA', e: 'AQAB', n: Buffer.alloc(128, 255).toString('base64url') };
  for (const [member, value] of [
    ['token_endpoint_auth_method', 'client_secret_basic'],
    ['token_endpoint_auth_method', 'none'],
    ['require_pushed_authorization_requests', false],
    ['dpop_bound_access_tokens', false],
    ['grant_types', ['authorization_code', 'password']],
    ['grant_types', ['authorization_code', 'urn:ietf:params:oauth:grant-type:jwt-bearer']],
    ['id_token_signed_response_alg', 'RS256'],
    ['userinfo_signed_response_alg', 'RS256'],
    ['authorization_signed_response_alg', 'RS256'],
    ['request_object_signing_alg', 'RS256'],
    ['token_endpoint_auth_signing_alg', 'RS256'],
    ['redirect_uris', ['https://rp.example/cb', 'http://rp.example/cb']],
    ['jwks', { keys: [RSA_1024] }],
  ] as const)
    it(`are refused with ${member} ${JSON.stringify(value).slice(0, 50)}`, () => {
      expect(fapiProblem(completeFapi({ ...GIVEN, [member]: value }))).to.match(new RegExp(`^${member} `));
    });

  it('of native apps may return to the device', () => {
    const native = { ...GIVEN, application_type: 'native', redirect_uris: ['com.example.app:/cb'] };
    expect(fapiProblem(completeFapi(native))).to.equal(undefined);
  });

  describe('over HTTP', () => {
    let server: TestServer;
    before(async () => {
      server = await testServer();
    });

    const register = async (metadata: object) => {
      const answer = await fetch(`${server.url}/oauth/register`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await initialAccessToken(server)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(metadata),
      });
      return { status: answer.status, body: await answer.json() };
    };

    it('are completed in the same way, and shown', async () => {
      const jwks = { keys: [(await newKey()).jwk] };
      const sent = { ...GIVEN, token_endpoint_auth_method: 'private_key_jwt', jwks };
      const { status, body } = await register(sent);
      expect(status).to.equal(201);
      expect(body).to.include({
        fapi_profile: '2.0',
        id_token_signed_response_alg: 'ES256',
        authorization_signed_response_alg: 'ES256',
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
      });
      expect(body).to.not.have.property('client_secret');
    });

    it('are refused where they contradict it', async () => {
      const jwks = { keys: [(await newKey()).jwk] };
      const sent = { ...GIVEN, token_endpoint_auth_method: 'private_key_jwt', jwks };
      for (const wrong of [
        { token_endpoint_auth_method: undefined },
        { id_token_signed_response_alg: 'RS256' },
        { require_pushed_authorization_requests: false },
        { fapi_profile: '1.0' },
      ]) {
        const { status, body } = await register({ ...sent, ...wrong });
        expect([status, body.error], JSON.stringify(wrong)).to.deep.equal([400, 'invalid_client_metadata']);
      }
    });

    it('of plain OAuth may ask for pushed and signed requests and for bound tokens', async () => {
      const members = {
        require_pushed_authorization_requests: true,
        require_signed_request_object: true,
        dpop_bound_access_tokens: true,
      };
      const { status, body } = await register({ redirect_uris: GIVEN.redirect_uris, ...members });
      expect(status).to.equal(201);
      expect(body).to.include({ ...members, id_token_signed_response_alg: 'RS256' });
    });
  });
});
