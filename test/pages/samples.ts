import type { PageData, PageName } from '../../src/pages/page-data/page-data.ts';
import { accessSamples } from './account/access-samples.ts';
import { profileSamples } from './account/samples.ts';
import { client, stepSamples } from './step-samples.ts';

const failed = (status: number, error: string, description: string) => ({
  ...{ status, error, description, requestId: '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a' },
  next: { address: '/account', label: 'account' } as const,
});
const login = {
  action: '/i/1/login',
  cancelAction: '/i/1/abort',
  csrf: 'token',
  codeAddress: '/i/1/sms',
  registerAddress: '/i/1/register',
  forgotAddress: '/i/1/forgot-password',
};

/** Every page, each in the states that look different. */
export const samples: { readonly [Page in PageName]: readonly PageData[Page][] } = {
  'sign-in/login': [
    {
      client: { ...client, logoUri: undefined },
      ...login,
      login: '',
    },
    {
      client,
      ...login,
      login: 'somchai@example.com',
      hint: 'reauthenticate',
      otherAction: '/i/1/other-account',
      errors: [
        { field: 'login', code: 'INVALID_CREDENTIALS' },
        { field: 'password', code: 'PASSWORD_MISSING' },
      ],
    },
    {
      client: undefined,
      ...login,
      login: '',
      errors: [{ code: 'TOO_MANY_ATTEMPTS' }, { field: 'login', code: 'LOGIN_MISSING' }],
    },
  ],
  ...stepSamples,
  'sign-in/select-account': [
    {
      ...{ client, account: { name: 'สมชาย ใจดี', login: 'somchai@example.com' }, csrf: 'token' },
      ...{ action: '/i/1/account', otherAction: '/i/1/other-account', cancelAction: '/i/1/abort' },
    },
  ],
  'sign-in/consent': [
    {
      client,
      account: { name: 'สมชาย ใจดี', login: '0812345678' },
      scopes: ['openid', 'profile', 'email', 'phone', 'offline_access', 'orders.read'],
      claims: ['birthdate', 'address', 'loyalty_tier'],
      resources: [{ identifier: 'https://api.example.com/orders', scopes: ['orders:write'] }],
      toPartner: true,
      isNew: true,
      action: '/i/1/consent',
      otherAction: '/i/1/other-account',
      cancelAction: '/i/1/abort',
      csrf: 'token',
    },
    {
      client: { name: 'Doi' },
      account: { login: 'somchai@example.com' },
      scopes: ['thai_id'],
      claims: [],
      resources: [],
      toPartner: false,
      isNew: false,
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
      deviceInfo: {
        userAgent: 'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36',
        ip: '203.0.113.9',
      },
    },
    { action: '/device', xsrf: 'token', userCode: 'WDJB-MJHT', client: { name: 'TV' } },
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
  'links/email-link': [
    {
      purpose: 'verify_email',
      action: '/verify-email',
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      key: 'ABCDEFGHIJKLMNOP',
      email: 'somchai@example.com',
      account: {
        name: 'ส*** จ***',
        mobile: '08x-xxx-5678',
        madeOn: { th: '2 มกราคม 2569', en: '2 January 2026' },
        channel: 'MOBILE',
      },
    },
    {
      purpose: 'change_email',
      action: '/confirm-email',
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      key: 'ABCDEFGHIJKLMNOP',
      email: 'somchai@example.com',
      account: { madeOn: { th: '2 มกราคม 2569', en: '2 January 2026' }, channel: 'WEB' },
    },
    {
      purpose: 'undo_email',
      action: '/undo-email',
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      key: 'ABCDEFGHIJKLMNOP',
      email: 'somchai@example.com',
      account: {
        name: 'ส***',
        madeOn: { th: '2 มกราคม 2569', en: '2 January 2026' },
        channel: 'CALL',
      },
    },
  ],
  'links/email-link-done': [
    { outcome: 'verified' },
    { outcome: 'disowned' },
    { outcome: 'changed' },
    { outcome: 'undone' },
  ],
  'links/activate': [
    {
      action: '/activate',
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      secret: 'ABCDEFGHIJ',
      email: 'somchai@example.com',
    },
    {
      action: '/activate',
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      secret: 'ABCDEFGHIJ',
      email: 'somchai@example.com',
      errors: [
        { field: 'password', code: 'PASSWORD_TOO_SHORT' },
        { field: 'password_check', code: 'PASSWORDS_DIFFER' },
      ],
    },
    {
      action: '/activate',
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      secret: 'ABCDEFGHIJ',
      email: 'somchai@example.com',
      errors: [
        { field: 'password', code: 'PASSWORD_MISSING' },
        { field: 'password_check', code: 'PASSWORD_CHECK_MISSING' },
      ],
    },
  ],
  'recovery/reset-password': [
    {
      action: '/reset-password',
      csrf: 'token',
      email: '',
      code: 'ABCDEFGHIJ',
      fromLink: true,
      resume: '',
      requestAddress: '/reset-password/request',
    },
    {
      action: '/reset-password',
      csrf: 'token',
      email: 'somchai@example.com',
      code: '',
      fromLink: false,
      resume: '',
      requestAddress: '/reset-password/request',
      errors: [
        { code: 'RESET_CODE_INVALID' },
        { field: 'login', code: 'EMAIL_MISSING' },
        { field: 'code', code: 'CODE_MISSING' },
      ],
    },
    {
      action: '/reset-password',
      csrf: 'token',
      email: '',
      code: '',
      fromLink: false,
      sent: true,
      resume: '',
      requestAddress: '/reset-password/request',
    },
  ],
  'recovery/request-reset': [
    { action: '/reset-password/request', csrf: 'token', email: '' },
    {
      action: '/reset-password/request',
      csrf: 'token',
      email: 'somchai',
      errors: [{ field: 'login', code: 'INVALID_EMAIL' }],
    },
  ],
  'recovery/password-set': [{ outcome: 'activated' }, { outcome: 'reset' }],
  ...accessSamples,
  'account/deleted': [{}],
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
  'developer/outbox': [
    {
      messages: [
        {
          id: '2',
          channel: 'mail',
          to: 'somchai@example.com',
          subject: 'ยืนยันอีเมลของคุณ',
          text: 'สวัสดี สมชาย\n\nidentifier: a-b-c\nkey: 8KY0CX0LAR\n\nhttp://localhost:3000/confirm-email?identifier=a-b-c&key=8KY0CX0LAR',
          createdAt: new Date('2026-01-02T03:04:05Z'),
        },
        {
          id: '1',
          channel: 'sms',
          to: '0812345678',
          subject: null,
          text: 'รหัส OTP ของคุณคือ 123456',
          createdAt: new Date('2026-01-02T03:03:05Z'),
        },
      ],
    },
    { messages: [], to: '0899999999' },
    { messages: [] },
  ],
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
    {
      issuer: 'https://id.example.com',
      environment: 'production',
      links: { account: '/account', discovery: '/.well-known/openid-configuration' },
    },
  ],
};
