import type { PageData } from '../../page-data/page-data.ts';

type OwnPages =
  | 'links/sign-in-link'
  | 'links/email-link'
  | 'links/email-link-done'
  | 'links/activate'
  | 'recovery/reset-password'
  | 'recovery/request-reset'
  | 'recovery/password-set';

/** The pages that links in mails lead to, in all visibly different states. */
export const linkSamples: { readonly [Page in OwnPages]: readonly PageData[Page][] } = {
  'links/sign-in-link': [
    { email: 's•••@example.com', form: { action: '/i/1/email/link', csrf: 'token', key: 'AQwTeMfa4hJ7oB5' } },
    { email: 's•••@example.com', code: '012345' },
  ],
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
      passwordLeast: 8,
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      secret: 'ABCDEFGHIJ',
      email: 'somchai@example.com',
    },
    {
      action: '/activate',
      passwordLeast: 8,
      csrf: 'token',
      identifier: 'abcdefghijkmnpqrstuv',
      secret: 'ABCDEFGHIJ',
      email: 'somchai@example.com',
      ...{ termsUri: 'https://id.example/terms', privacyUri: 'https://id.example/privacy' },
      errors: [
        { field: 'password', code: 'PASSWORD_TOO_SHORT' },
        { field: 'password_check', code: 'PASSWORDS_DIFFER' },
      ],
    },
    {
      action: '/activate',
      passwordLeast: 8,
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
      passwordLeast: 8,
      csrf: 'token',
      email: '',
      code: 'ABCDEFGHIJ',
      fromLink: true,
      resume: '',
      requestAddress: '/reset-password/request',
    },
    {
      action: '/reset-password',
      passwordLeast: 8,
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
      passwordLeast: 8,
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
  'recovery/password-set': [
    { outcome: 'activated', signInAddress: '/account' },
    { outcome: 'reset', signInAddress: '/account' },
  ],
};
