import { qrCode } from '../../kit/qr-code.ts';
import type { PageData } from '../../page-data/page-data.ts';
import type { NewAuthenticator } from '../../page-data/second-factor-data.ts';

type OwnPages =
  | 'sign-in/passkey'
  | 'sign-in/passkey-offer'
  | 'sign-in/second-factor'
  | 'sign-in/second-factor-new'
  | 'sign-in/recovery-codes';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const newAuthenticator: NewAuthenticator = {
  secret,
  qr: qrCode(`otpauth://totp/Pratu:somchai%40example.com?issuer=Pratu&secret=${secret}`),
};
const form = { client: { name: 'ร้านกาแฟ Doi Chaang' }, csrf: 'token', cancelAction: '/i/1/abort' };

const lostAddress = '/i/1/second-factor/lost';

const passkeyPage = {
  passkey: { action: '/i/1/passkey', options: '/i/1/passkey/options' },
  passwordAddress: '/i/1/login',
  codeAddress: '/i/1/sms',
};

/** Passkeys, and the second step of a sign-in, in the states that look different. */
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
    {
      ...form,
      action: '/i/1/second-factor',
      lostAddress,
      rememberDays: 30,
      asksCode: true,
      passkey: undefined,
    },
    {
      ...form,
      ...{ action: '/i/1/second-factor', lostAddress },
      ...{ rememberDays: 0, asksCode: true, passkey: passkeyPage.passkey },
      errors: [{ field: 'code', code: 'SECOND_FACTOR_WRONG' }],
    },
    {
      ...form,
      ...{ action: '/i/1/second-factor', lostAddress },
      ...{ rememberDays: 30, asksCode: true, passkey: undefined },
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 600 }],
    },
    {
      ...{ ...form, action: '/i/1/second-factor', lostAddress },
      ...{ rememberDays: 30, asksCode: false, passkey: passkeyPage.passkey },
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
