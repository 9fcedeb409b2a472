import type { PageData, PageName } from '../../page-data/page-data.ts';
import { accessSamples } from './account-access-samples.ts';
import { profileSamples } from './account-profile-samples.ts';
import { securitySamples } from './account-security-samples.ts';
import { consoleSamples } from './console-samples.ts';
import { developerSamples } from './developer-samples.ts';
import { linkSamples } from './link-samples.ts';
import { secondFactorLostSamples } from './second-factor-lost-samples.ts';
import { secondFactorSamples } from './second-factor-samples.ts';
import { client, stepSamples } from './step-samples.ts';
import { choice, pendingLink, upstreamSamples } from './upstream-samples.ts';

const failed = (status: number, error: string, description: string) => ({
  ...{ status, error, description, requestId: '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a' },
  next: { address: '/account', label: 'account' } as const,
});
const login = {
  action: '/i/1/login',
  cancelAction: '/i/1/abort',
  csrf: 'token',
  passkey: { action: '/i/1/passkey', options: '/i/1/passkey/options' },
  codeAddress: '/i/1/sms',
  emailAddress: '/i/1/email',
  registerAddress: '/i/1/register',
  forgotAddress: '/i/1/forgot-password',
};

/** Every page, in all visibly different states. */
export const samples: { readonly [Page in PageName]: readonly PageData[Page][] } = {
  'sign-in/login': [
    {
      client: { ...client, logoUri: undefined },
      ...login,
      identifier: '',
    },
    {
      client,
      ...login,
      identifier: 'somchai@example.com',
      hint: 'reauthenticate',
      account: { name: 'สมชาย ใจดี', identifier: 'somchai@example.com' },
      otherAction: '/i/1/other-account',
      errors: [{ field: 'password', code: 'SIGN_IN_PASSWORD_WRONG' }],
    },
    {
      client: undefined,
      ...login,
      identifier: '',
      errors: [
        { field: 'login', code: 'LOGIN_MISSING' },
        { field: 'password', code: 'PASSWORD_MISSING' },
      ],
    },
    { client: undefined, ...login, identifier: 'somchai@example.com', errors: [{ code: 'SIGN_IN_WRONG' }] },
    { client, ...login, identifier: '', providers: choice },
    { client, ...login, codeAddress: undefined, identifier: '', providers: choice, linking: pendingLink },
    {
      client: undefined,
      ...login,
      identifier: 'somchai@example.com',
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 899 }],
    },
    {
      client,
      ...{ ...login, codeAddress: undefined, registerAddress: undefined },
      identifier: '',
      hint: 'last_step',
    },
  ],
  ...stepSamples,
  ...secondFactorSamples,
  ...secondFactorLostSamples,
  ...upstreamSamples,
  'sign-in/select-account': [
    {
      ...{ client, account: { name: 'สมชาย ใจดี', identifier: 'somchai@example.com' }, csrf: 'token' },
      ...{ action: '/i/1/account', otherAction: '/i/1/other-account', cancelAction: '/i/1/abort' },
    },
  ],
  'sign-in/consent': [
    {
      client,
      account: { name: 'สมชาย ใจดี', identifier: '0812345678' },
      scopes: ['openid', 'profile', 'email', 'phone', 'offline_access', 'orders.read'],
      claims: ['birthdate', 'address', 'loyalty_tier'],
      resources: [{ identifier: 'https://api.example.com/orders', scopes: ['orders:write'] }],
      details: [
        {
          th: 'โอนเงิน 1,250.00 บาท ไปยัง ร้านกาแฟ Doi Chaang',
          en: 'Transfer 1,250.00 THB to ร้านกาแฟ Doi Chaang',
        },
      ],
      toPartner: true,
      isNew: true,
      action: '/i/1/consent',
      otherAction: '/i/1/other-account',
      cancelAction: '/i/1/abort',
      csrf: 'token',
    },
    {
      client: { name: 'Doi' },
      account: { identifier: 'somchai@example.com' },
      scopes: ['thai_id'],
      claims: [],
      resources: [],
      details: [],
      toPartner: false,
      isNew: false,
      action: '/i/1/consent',
      otherAction: '/i/1/other-account',
      cancelAction: '/i/1/abort',
      csrf: 'token',
    },
    {
      client: { name: 'apps.example.com', isUnverified: true },
      account: { identifier: 'somchai@example.com' },
      scopes: ['openid'],
      claims: [],
      resources: [],
      details: [],
      toPartner: false,
      isNew: true,
      action: '/i/1/consent',
      otherAction: '/i/1/other-account',
      cancelAction: '/i/1/abort',
      csrf: 'token',
    },
  ],
  'sign-in/device-input': [
    { action: '/device', xsrf: 'token', userCode: '' },
    { action: '/device', xsrf: 'token', userCode: 'WDJB-MJHT', error: 'no_code' },
    { action: '/device', xsrf: 'token', userCode: 'WDJB-MJHT', error: 'not_found' },
    { action: '/device', xsrf: 'token', userCode: 'WDJB-MJHT', error: 'expired' },
    { action: '/device', xsrf: 'token', userCode: 'WDJB-MJHT', error: 'used' },
    { action: '/device', xsrf: 'token', userCode: '', error: 'aborted' },
    { action: '/device', xsrf: 'token', userCode: '', error: 'other' },
  ],
  'sign-in/device-confirm': [
    {
      action: '/device',
      xsrf: 'token',
      userCode: 'WDJB-MJHT',
      client,
      device: { browser: 'Samsung Internet', system: 'Tizen' },
      ip: '203.0.113.9',
    },
    {
      action: '/device',
      xsrf: 'token',
      userCode: 'WDJB-MJHT',
      client: { name: 'TV' },
      device: { browser: null, system: 'webOS' },
    },
  ],
  'sign-in/device-done': [{ client }, { client: undefined }],
  'sign-in/forward': [
    {
      action: 'https://client.example/cb',
      fields: [
        ['code', 'x'],
        ['state', '"><b>'],
      ],
    },
  ],
  'sign-in/logout': [
    { action: '/oauth/logout/confirm', xsrf: 'token', client },
    { action: '/oauth/logout/confirm', xsrf: 'token', client: undefined },
  ],
  'sign-in/signed-out': [{ client }, { client: undefined }],
  ...linkSamples,
  ...accessSamples,
  'account/deleted': [
    { receipt: undefined },
    {
      receipt: `eyJhbGciOiJSUzI1NiJ9.${'eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ'.repeat(8)}.${'AQwTeMfa4hJ7oB5'.repeat(20)}`,
    },
  ],
  'sign-in/error': [
    failed(
      400,
      'invalid_redirect_uri',
      "redirect_uri did not match any of the client's registered redirect_uris",
    ),
    failed(404, 'not_found', 'Not found.'),
    {
      ...failed(429, 'temporarily_unavailable', 'Too many attempts.'),
      next: { address: '/', label: 'retry' },
    },
    failed(502, 'odd_word', 'The upstream failed.'),
    { ...failed(422, 'odd_word', 'No.'), title: 'หัวเรื่องของผู้เรียก' },
  ],
  ...profileSamples,
  ...securitySamples,
  ...consoleSamples,
  ...developerSamples,
  'sign-in/home': [
    {
      issuer: 'http://localhost:3000',
      environment: 'development',
      links: {
        account: '/account',
        discovery: '/.well-known/openid-configuration',
        outbox: '/dev/outbox',
        signIn: '/oauth/authorize?client_id=spa&response_type=code',
      },
    },
  ],
};
