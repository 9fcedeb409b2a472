import { pkce } from '../support/sign-in.ts';

/** A path of the server with valid parameters. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  parameters: Record<string, string>;
  headers?: Record<string, string>;
}

const CALLBACK = 'http://localhost:8080/cb';
const UID = 'a'.repeat(43);
const PARTNER_HEADERS = {
  'x-client-identifier': '2171',
  'x-client-secret': '17e2236b665fadebe3c8d9515a0a6b19',
};
const CLIENT = { client_id: 'client', client_secret: 'secret' };

const authorization = (): Record<string, string> => ({
  client_id: 'spa',
  response_type: 'code',
  response_mode: 'query',
  redirect_uri: CALLBACK,
  scope: 'openid email',
  state: 'state-1',
  nonce: 'nonce-1',
  prompt: 'login',
  max_age: '60',
  display: 'page',
  ui_locales: 'th',
  claims_locales: 'en',
  login_hint: 'somchai@example.com',
  acr_values: 'a',
  claims: '{"userinfo":{"email":null}}',
  resource: 'http://localhost:8080/api',
  code_challenge: pkce().challenge,
  code_challenge_method: 'S256',
  dpop_jkt: 'a'.repeat(43),
});

/** The registration and the forgotten password, on their own or in a sign-in. */
const steps = (at: string): Route[] => [
  { method: 'POST', path: `${at}/register`, parameters: { csrf: 'a', mobile: '0899999999' } },
  { method: 'POST', path: `${at}/register/code`, parameters: { csrf: 'a', code: '123456' } },
  { method: 'POST', path: `${at}/register/again`, parameters: { csrf: 'a' } },
  {
    method: 'POST',
    path: `${at}/register/details`,
    parameters: {
      csrf: 'a',
      title: '1',
      firstName: 'a',
      lastName: 'b',
      birthDate: '2000-01-01',
      thaiId: 'c',
    },
  },
  { method: 'POST', path: `${at}/register/account`, parameters: { csrf: 'a', email: 'a', password: 'b' } },
  { method: 'POST', path: `${at}/forgot-password`, parameters: { csrf: 'a', login: '0899999999' } },
  { method: 'POST', path: `${at}/forgot-password/code`, parameters: { csrf: 'a', code: '123456' } },
  { method: 'POST', path: `${at}/forgot-password/password`, parameters: { csrf: 'a', password: 'b' } },
];

/** Every route of the server, with the parameters that it reads. */
export const routes = (): Route[] => [
  { method: 'GET', path: '/oauth/authorize', parameters: authorization() },
  { method: 'POST', path: '/oauth/authorize', parameters: authorization() },
  {
    method: 'GET',
    path: '/oauth/authorize',
    parameters: { client_id: 'spa', request: 'a.b.c', registration: '{}' },
  },
  { method: 'GET', path: '/oauth/authorize', parameters: { client_id: 'spa', request_uri: 'urn:a' } },
  { method: 'GET', path: `/oauth/authorize/${UID}`, parameters: { a: 'b' } },
  { method: 'POST', path: '/oauth/par', parameters: authorization() },
  {
    method: 'POST',
    path: '/oauth/authorize-challenge',
    parameters: {
      ...CLIENT,
      scope: 'openid',
      code_challenge: pkce().challenge,
      login_hint: '0899999999',
      password: 'no',
    },
  },
  {
    method: 'POST',
    path: '/oauth/authorize-challenge',
    parameters: {
      ...CLIENT,
      code_challenge: pkce().challenge,
      passkey: '{"id":"a","response":{}}',
      claims: '{}',
    },
  },
  {
    method: 'POST',
    path: '/oauth/authorize-challenge',
    parameters: { ...CLIENT, auth_session: UID, otp: '1' },
  },
  {
    method: 'POST',
    path: '/oauth/token',
    parameters: {
      ...CLIENT,
      grant_type: 'password',
      username: '0899999999',
      password: 'no',
      scope: 'openid',
    },
  },
  {
    method: 'POST',
    path: '/oauth/token',
    parameters: {
      grant_type: 'authorization_code',
      client_id: 'spa',
      code: UID,
      redirect_uri: CALLBACK,
      code_verifier: UID,
      resource: 'http://localhost:8080/api',
    },
  },
  {
    method: 'POST',
    path: '/oauth/token',
    parameters: { ...CLIENT, grant_type: 'refresh_token', refresh_token: UID, scope: 'openid' },
  },
  {
    method: 'POST',
    path: '/oauth/token',
    parameters: {
      grant_type: 'client_credentials',
      client_id: 'service',
      client_secret: 'service-secret',
      scope: 'a',
      resource: 'http://localhost:8080/api',
    },
  },
  {
    method: 'POST',
    path: '/oauth/token',
    parameters: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${btoa('{"alg":"ES256"}')}.${btoa('{"sub":"service"}')}.c`,
    },
  },
  {
    method: 'POST',
    path: '/oauth/token',
    parameters: {
      ...CLIENT,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: UID,
    },
  },
  { method: 'POST', path: '/oauth/introspect', parameters: { ...CLIENT, token: UID, token_type_hint: 'a' } },
  { method: 'POST', path: '/oauth/revoke', parameters: { ...CLIENT, token: UID, token_type_hint: 'a' } },
  { method: 'POST', path: '/oauth/device', parameters: { ...CLIENT, scope: 'openid', resource: 'a' } },
  { method: 'GET', path: '/device', parameters: { user_code: 'ABCD-EFGH' } },
  { method: 'POST', path: '/device', parameters: { xsrf: 'a', user_code: 'ABCD-EFGH', confirm: 'yes' } },
  { method: 'GET', path: `/device/${UID}`, parameters: { a: 'b' } },
  {
    method: 'GET',
    path: '/oauth/logout',
    parameters: {
      id_token_hint: 'a.b.c',
      client_id: 'spa',
      post_logout_redirect_uri: 'http://localhost:8080/',
      state: 'a',
      ui_locales: 'th',
    },
  },
  { method: 'POST', path: '/oauth/logout', parameters: { client_id: 'spa', state: 'a' } },
  { method: 'POST', path: '/oauth/logout/confirm', parameters: { xsrf: 'a', logout: 'yes' } },
  { method: 'GET', path: '/oauth/logout/success', parameters: { client_id: 'spa' } },
  { method: 'POST', path: '/oauth/register', parameters: { redirect_uris: CALLBACK } },
  { method: 'GET', path: '/oauth/register/client', parameters: { a: 'b' } },
  { method: 'GET', path: '/oauth/userinfo', parameters: { access_token: UID } },
  { method: 'POST', path: '/oauth/userinfo', parameters: { access_token: UID } },
  { method: 'GET', path: `/interaction/${UID}`, parameters: { a: 'b' } },
  {
    method: 'POST',
    path: `/interaction/${UID}/login`,
    parameters: { csrf: 'a', login: '0899999999', password: 'b' },
  },
  { method: 'POST', path: `/interaction/${UID}/consent`, parameters: { csrf: 'a' } },
  ...['', `/interaction/${UID}`].flatMap(steps),
  { method: 'GET', path: `/interaction/${UID}/login`, parameters: { lang: 'th' } },
  { method: 'POST', path: `/interaction/${UID}/sms`, parameters: { csrf: 'a', login: '0899999999' } },
  { method: 'POST', path: `/interaction/${UID}/sms/code`, parameters: { csrf: 'a', code: '123456' } },
  { method: 'POST', path: `/interaction/${UID}/sms/again`, parameters: { csrf: 'a' } },
  { method: 'POST', path: `/interaction/${UID}/abort`, parameters: { csrf: 'a' } },
  { method: 'GET', path: '/.well-known/openid-configuration', parameters: { a: 'b' } },
  { method: 'GET', path: '/oauth/jwks', parameters: { a: 'b' } },
  {
    method: 'GET',
    path: '/accounts',
    parameters: { last_access_flag: 'all' },
    headers: { ...PARTNER_HEADERS, 'x-account-identifier': '0899999999' },
  },
  {
    method: 'GET',
    path: '/accounts/verify',
    parameters: { mobile: '0899999999' },
    headers: { client_id: '2171', client_secret: '17e2236b665fadebe3c8d9515a0a6b19' },
  },
  { method: 'GET', path: '/accounts/1', parameters: { a: 'b' }, headers: { client_id: '2171' } },
  { method: 'GET', path: '/dev/outbox', parameters: { to: 'somchai@example.com' } },
  { method: 'GET', path: '/', parameters: { lang: 'th' } },
  { method: 'GET', path: '/no-such-page', parameters: { a: 'b' } },
];
