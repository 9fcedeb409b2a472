import { qrCode } from '../../kit/qr-code.ts';
import type { PageData } from '../../page-data/page-data.ts';
import type { NewAuthenticator } from '../../page-data/second-factor-data.ts';

type OwnPages = 'sign-in/second-factor' | 'sign-in/second-factor-new' | 'sign-in/recovery-codes';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const newAuthenticator: NewAuthenticator = {
  secret,
  qr: qrCode(`otpauth://totp/Pratu:somchai%40example.com?issuer=Pratu&secret=${secret}`),
};
const form = { client: { name: 'ร้านกาแฟ Doi Chaang' }, csrf: 'token', cancelAction: '/i/1/abort' };

/** The second step of a sign-in, in the states that look different. */
export const secondFactorSamples: { readonly [Page in OwnPages]: readonly PageData[Page][] } = {
  'sign-in/second-factor': [
    { ...form, action: '/i/1/second-factor', rememberDays: 30 },
    {
      ...form,
      action: '/i/1/second-factor',
      rememberDays: 0,
      errors: [{ field: 'code', code: 'SECOND_FACTOR_WRONG' }],
    },
    {
      ...form,
      action: '/i/1/second-factor',
      rememberDays: 30,
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 600 }],
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
