import { qrCode } from '../../kit/qr-code.ts';
import type { PageData } from '../../page-data/page-data.ts';
import type { NewAuthenticator } from '../../page-data/second-factor-data.ts';

type OwnPages =
  | 'sign-in/passkey'
  | 'sign-in/passkey-offer'
  | 'sign-in/second-factor'
  | 'sign-in/second-factor-sent'
  | 'sign-in/second-factor-new'
  | 'sign-in/recovery-codes';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const newAuthenticator: NewAuthenticator = {
  secret,
  qr: qrCode(`otpauth://totp/Pratu:somchai%40example.com?issuer=Pratu&secret=${secret}`),
};
const sms = { factor: 'sms', to: '08x-xxx-5678', action: '/i/1/second-factor/sms/send' } as const;
const email = { factor: 'email', to: 's•••@example.com', action: '/i/1/second-factor/email/send' } as const;
const byApp = { hasApp: true, hasRecoveryCodes: true, sent: [], passkey: undefined };
const noCodes = { hasApp: false, hasRecoveryCodes: false, sent: [] };
const sent = { reference: 'KQXT', minutes: 5, wait: 60, validFor: 300, otherAddress: '/i/1/second-factor' };
const form = { client: { name: 'ร้านกาแฟ Doi Chaang' }, csrf: 'token', cancelAction: '/i/1/abort' };

const lostAddress = '/i/1/second-factor/lost';

const passkeyPage = {
  passkey: { action: '/i/1/passkey', options: '/i/1/passkey/options' },
  passwordAddress: '/i/1/login',
  codeAddress: '/i/1/sms',
};

/** The pages for passkeys and for the second step of a sign-in, in all visibly different states. */
export const secondFactorSamples: { readonly [Page in OwnPages]: readonly PageData[Page][] } = {
  'sign-in/passkey': [
    { ...form, ...passkeyPage },
    {
      ...{ ...form, ...passkeyPage, errors: [{ code: 'PASSKEY_UNKNOWN' }] },
      unknown: { rpId: 'localhost', credentialId: 'AAAA' },
    },
  ],
  'sign-in/passkey-offer': [
    {
      ...form,
      passkey: { action: '/i/1/passkey/new', options: '/i/1/passkey/new/options' },
      laterAction: '/i/1/passkey/later',
    },
  ],
  'sign-in/second-factor': [
    { ...form, ...byApp, ...{ action: '/i/1/second-factor', lostAddress }, rememberDays: 30 },
    {
      ...form,
      ...byApp,
      sent: [sms, email],
      ...{ action: '/i/1/second-factor', lostAddress },
      rememberDays: 30,
    },
    {
      ...form,
      ...{ ...noCodes, hasRecoveryCodes: true, sent: [sms], passkey: undefined },
      ...{ action: '/i/1/second-factor', lostAddress },
      rememberDays: 30,
      errors: [{ field: 'code', code: 'RECOVERY_CODE_WRONG' }],
    },
    {
      ...form,
      ...{ ...noCodes, sent: [sms, email], passkey: passkeyPage.passkey },
      ...{ action: '/i/1/second-factor', lostAddress },
      rememberDays: 0,
    },
    {
      ...form,
      ...byApp,
      ...{ action: '/i/1/second-factor', lostAddress },
      ...{ rememberDays: 0, passkey: passkeyPage.passkey },
      errors: [{ field: 'code', code: 'SECOND_FACTOR_WRONG' }],
    },
    {
      ...form,
      ...byApp,
      ...{ action: '/i/1/second-factor', lostAddress },
      rememberDays: 30,
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 600 }],
    },
    {
      ...{ ...form, action: '/i/1/second-factor', lostAddress },
      ...{ ...noCodes, rememberDays: 30, passkey: passkeyPage.passkey },
    },
  ],
  'sign-in/second-factor-sent': [
    {
      ...{ ...form, ...sms, ...sent },
      action: '/i/1/second-factor/sms',
      againAction: sms.action,
      rememberDays: 30,
    },
    {
      ...{ ...form, ...email, ...sent, wait: 0 },
      action: '/i/1/second-factor/email',
      againAction: email.action,
      rememberDays: 0,
      errors: [{ field: 'code', code: 'CODE_WRONG' }],
    },
  ],
  'sign-in/second-factor-new': [{ ...form, action: '/i/1/second-factor/new', ...newAuthenticator }],
  'sign-in/recovery-codes': [
    {
      codes: Array.from({ length: 10 }, (_, index) => `k7m2${index}-x9fq${index}`),
      next: '/account/security',
    },
  ],
};
