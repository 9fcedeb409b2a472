import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { initialAccessToken } from '../../support/clients.ts';
import { checkAnswer } from '../../support/openapi.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const VALID = { redirect_uris: ['https://rp.example/cb'] };
const KEYS = 'https://rp.example/jwks';
const BY_KEY = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: KEYS };

describe('members of a dynamic registration (RFC 7591, OpenID Connect Registration)', () => {
  let server: TestServer;
  let jwk: object;

  before(async () => {
    server = await testServer();
    jwk = { ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid: 'a' };
  });

  async function register(metadata: object) {
    const answer = await fetch(`${server.url}/oauth/register`, {
      method: 'POST',
      body: JSON.stringify({ ...VALID, ...metadata }),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await initialAccessToken(server)}`,
      },
    });
    return { status: answer.status, body: await answer.json() };
  }

  const manage = async (
    { registration_client_uri: uri, registration_access_token: token }: Record<string, string>,
    method = 'GET',
    metadata?: object,
  ) => {
    const answer = await fetch(uri ?? '', {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(metadata ? { 'content-type': 'application/json' } : {}),
      },
      ...(metadata ? { body: JSON.stringify(metadata) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };

  const kept: object[] = [
    { client_name: 'Shop', 'client_name#th': 'ร้านค้า', 'client_name#en': 'The shop' },
    { client_uri: 'https://rp.example/', 'client_uri#th': 'https://rp.example/th' },
    { logo_uri: 'https://rp.example/logo.png', 'logo_uri#en': 'https://rp.example/en.png' },
    { tos_uri: 'https://rp.example/tos', 'tos_uri#th': 'https://rp.example/tos/th' },
    { policy_uri: 'https://rp.example/policy', 'policy_uri#th': 'https://rp.example/policy/th' },
    { contacts: ['owner@rp.example', 'other@rp.example'] },
    { software_id: '4NRB1-0XZABZI9E6-5SM3R', software_version: '2.1' },
    { jwks_uri: KEYS },
    { initiate_login_uri: 'https://rp.example/start' },
    { default_max_age: 3600, require_auth_time: true },
    { default_acr_values: ['urn:pratu:acr:mfa'] },
    { ...BY_KEY, token_endpoint_auth_signing_alg: 'ES256' },
    { token_endpoint_auth_method: 'client_secret_post' },
    { post_logout_redirect_uris: ['https://rp.example/out'] },
    {
      backchannel_logout_uri: 'https://rp.example/backchannel',
      backchannel_logout_session_required: true,
    },
    { jwks_uri: KEYS, request_object_signing_alg: 'ES256', require_signed_request_object: true },
    { require_pushed_authorization_requests: true },
    { id_token_signed_response_alg: 'ES256', userinfo_signed_response_alg: 'ES256' },
    { authorization_signed_response_alg: 'ES256' },
    { application_type: 'native', redirect_uris: ['com.example.app:/cb'] },
    { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
    { scope: 'openid email' },
    { subject_type: 'pairwise' },
    { dpop_bound_access_tokens: true },
  ];
  for (const members of kept) {
    it(`keeps ${JSON.stringify(members).slice(0, 80)}`, async () => {
      const { status, body } = await register(members);
      expect(status, JSON.stringify(body)).to.equal(201);
      expect(body).to.deep.include(members);
      expect((await manage(body)).body).to.deep.include(members);
    });
  }

  it('keeps keys that are given by value', async () => {
    const { status, body } = await register({ jwks: { keys: [jwk] } });
    expect([status, body.jwks]).to.deep.equal([201, { keys: [jwk] }]);
  });

  const ignored: object[] = [
    { 'client_name#fr': 'La boutique' },
    { frontchannel_logout_uri: 'https://rp.example/front' },
    { made_up: 'x' },
  ];
  for (const members of ignored) {
    it(`ignores ${JSON.stringify(members)} and does not confirm it`, async () => {
      const { status, body } = await register(members);
      expect(status).to.equal(201);
      expect(body).to.not.have.any.keys(...Object.keys(members));
    });
  }

  const METADATA = 'invalid_client_metadata';
  const URIS = 'invalid_redirect_uri';
  const refused: [members: object, error: string, named: string][] = [
    [{ redirect_uris: [] }, URIS, 'redirect_uris'],
    [{ redirect_uris: undefined }, URIS, 'redirect_uris'],
    [{ redirect_uris: 'https://rp.example/cb' }, URIS, 'redirect_uris'],
    [{ redirect_uris: ['https://rp.example/cb#here'] }, URIS, 'redirect_uris'],
    [{ redirect_uris: ['/cb'] }, URIS, 'redirect_uris'],
    [{ redirect_uris: ['com.example.app:/cb'] }, URIS, 'redirect_uris'],
    [{ application_type: 'native', redirect_uris: ['http://rp.example/cb'] }, URIS, 'redirect_uris'],
    [{ post_logout_redirect_uris: ['nothing'] }, METADATA, 'post_logout_redirect_uris'],
    [{ response_types: ['id_token'], grant_types: ['implicit'] }, METADATA, 'grant_types'],
    [{ response_types: ['code id_token'] }, METADATA, 'response_types'],
    [{ response_types: ['token'] }, METADATA, 'response_types'],
    [{ request_uris: ['https://rp.example/request'] }, METADATA, 'request_uris'],
    [{ request_uris: [] }, METADATA, 'request_uris'],
    [{ contacts: ['nobody'] }, METADATA, 'contacts'],
    [{ contacts: 'owner@rp.example' }, METADATA, 'contacts'],
    [{ logo_uri: 'javascript:alert(1)' }, METADATA, 'logo_uri'],
    [{ 'logo_uri#th': 'javascript:alert(1)' }, METADATA, 'logo_uri#th'],
    [{ policy_uri: 'nothing' }, METADATA, 'policy_uri'],
    [{ tos_uri: 7 }, METADATA, 'tos_uri'],
    [{ 'client_name#th': '' }, METADATA, 'client_name#th'],
    [{ software_id: 'x'.repeat(201) }, METADATA, 'software_id'],
    [{ software_version: 1 }, METADATA, 'software_version'],
    [{ jwks_uri: 'nothing' }, METADATA, 'jwks_uri'],
    [{ jwks: { keys: 'none' } }, METADATA, 'JSON Web Key Set'],
    [{ jwks_uri: KEYS, jwks: { keys: [] } }, METADATA, 'jwks'],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, METADATA, 'jwks'],
    [{ ...BY_KEY, token_endpoint_auth_signing_alg: 'none' }, METADATA, 'token_endpoint_auth_signing_alg'],
    [{ sector_identifier_uri: 'http://rp.example/sector' }, METADATA, 'sector_identifier_uri'],
    [{ initiate_login_uri: 'http://rp.example/start' }, METADATA, 'initiate_login_uri'],
    [{ default_max_age: -1 }, METADATA, 'default_max_age'],
    [{ default_max_age: '60' }, METADATA, 'default_max_age'],
    [{ require_auth_time: 'yes' }, METADATA, 'require_auth_time'],
    [{ default_acr_values: ['gold'] }, METADATA, 'default_acr_values'],
    [{ backchannel_logout_uri: 'nothing' }, METADATA, 'backchannel_logout_uri'],
    [{ backchannel_logout_session_required: 1 }, METADATA, 'backchannel_logout_session_required'],
    [{ jwks_uri: KEYS, request_object_signing_alg: 'HS256' }, METADATA, 'request_object_signing_alg'],
    [{ subject_type: 'other' }, METADATA, 'subject_type'],
    [{ application_type: 'desktop' }, METADATA, 'application_type'],
    [
      { grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'], response_types: [], jwks_uri: KEYS },
      METADATA,
      'grant_types',
    ],
    [
      { grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'] },
      METADATA,
      'token_exchange',
    ],
    [
      { token_exchange: [{ subject_clients: ['a'], resource: KEYS, scope: 'a', mode: 'delegation' }] },
      METADATA,
      'token_exchange',
    ],
    [{ software_statement: 'a.b.c' }, 'unapproved_software_statement', 'software_statement'],
  ];
  for (const [members, error, named] of refused) {
    it(`refuses ${JSON.stringify(members).slice(0, 80)} by name`, async () => {
      const { status, body } = await register(members);
      expect([status, body.error]).to.deep.equal([400, error]);
      expect(body.error_description).to.include(named);
    });
  }

  it('gives secrets that do not expire, and lets nobody choose one', async () => {
    const { body } = await register({
      client_secret: 'mine',
      client_secret_expires_at: 1,
      client_id: 'mine',
    });
    expect(body.client_secret_expires_at).to.equal(0);
    expect([body.client_id, body.client_secret]).to.not.include('mine');
    expect((await register({ token_endpoint_auth_method: 'none' })).body).to.not.have.property(
      'client_secret',
    );
  });

  it('are changed as a whole, with a new registration access token each time', async () => {
    const { body } = await register({ client_name: 'Shop', contacts: ['owner@rp.example'] });
    const read = (await manage(body)).body;
    const { registration_access_token, registration_client_uri, ...own } = read;
    expect(registration_access_token).to.equal(body.registration_access_token);
    const { client_secret_expires_at, client_id_issued_at, contacts, ...rest } = own;
    const changed = await manage(body, 'PUT', { ...rest, client_name: 'Renamed' });
    expect(changed.status, JSON.stringify(changed.body)).to.equal(200);
    expect(changed.body).to.include({ client_name: 'Renamed', client_secret: body.client_secret });
    expect(changed.body).to.not.have.property('contacts');
    expect(changed.body.registration_access_token).to.not.equal(body.registration_access_token);
    expect((await manage(body)).status).to.equal(401);
    for (const member of ['client_secret_expires_at', 'client_id_issued_at', 'registration_client_uri'])
      expect((await manage(changed.body, 'PUT', { ...rest, [member]: 1 })).body.error).to.equal(
        'invalid_request',
      );
    const uris = await manage(changed.body, 'PUT', { ...rest, redirect_uris: ['/cb'] });
    expect([uris.status, uris.body.error]).to.deep.equal([400, 'invalid_redirect_uri']);
    const secret = await manage(changed.body, 'PUT', { ...rest, client_secret: 'mine' });
    expect([secret.status, secret.body.error]).to.deep.equal([400, 'invalid_request']);
    expect((await manage(changed.body, 'DELETE')).status).to.equal(204);
    expect((await manage(changed.body)).status).to.equal(401);
    expect(await server.domain.clients.find(body.client_id)).to.equal(undefined);
  });

  it('are answered as the description of the API says', async () => {
    const good = await fetch(`${server.url}/oauth/register`, {
      method: 'POST',
      body: JSON.stringify({ ...VALID, 'client_name#th': 'ร้านค้า', software_id: 'x' }),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await initialAccessToken(server)}`,
      },
    });
    checkAnswer('registerClient', good.status, good.headers, await good.text());
  });

  it('are shown in the language of the page', async () => {
    const { body } = await register({ client_name: 'Shop', 'client_name#th': 'ร้านของเรา' });
    const request = new URLSearchParams({
      client_id: body.client_id,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'https://rp.example/cb',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const pageIn = async (locale: string): Promise<string> => {
      const agent = new BrowserAgent();
      const url = `${server.url}/oauth/authorize?${request}&ui_locales=${locale}`;
      const to = (await agent.request(url)).headers.get('location') ?? '';
      return (await agent.request(new URL(to, server.url).href)).text();
    };
    expect(await pageIn('th')).to.include('ร้านของเรา');
    expect(await pageIn('en'))
      .to.include('Shop')
      .and.not.include('ร้านของเรา');
  });
});
