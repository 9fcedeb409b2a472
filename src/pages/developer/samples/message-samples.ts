import type { NoticeText } from '../../../domain/messages/message.ts';

type Samples = Readonly<Record<string, NoticeText['values']>>;

const link = (path: string) => ({
  identifier: 'abcdefghijkmnpqrstuv',
  key: 'ABCDEFGHIJKLMNOP',
  link: `https://id.example.com${path}?identifier=abcdefghijkmnpqrstuv&key=ABCDEFGHIJKLMNOP`,
});
const code = { code: '123456', reference: 'KQXT', minutes: '5' };

/** Every mail with values as the product fills them in, by kind. */
export const mailSamples: Samples = {
  'national-id-released': {},
  'mobile-released': { mobile: '0812345678' },
  'mobile-changed': { mobile: '0812345678' },
  'mobile-removed': { mobile: '0812345678' },
  'contacts-changed': {},
  'signed-out-everywhere': {},
  'password-changed': {},
  'verify-email': link('/verify-email'),
  'verify-email-to-sign-in': link('/verify-email'),
  'confirm-email': link('/confirm-email'),
  'email-changing': { ...link('/undo-email'), email: 'somsri@example.com' },
  'email-registered': {},
  'activate-account': {
    identifier: 'abcdefghijkmnpqrstuv',
    secret: 'ABCDEFGHIJ',
    link: 'https://id.example.com/activate?identifier=abcdefghijkmnpqrstuv&secret=ABCDEFGHIJ',
  },
  'reset-password': { code: 'ABCDEFGHIJ', link: 'https://id.example.com/reset-password/ABCDEFGHIJ' },
};

/** Every SMS with values as the product fills them in, by kind. */
export const smsSamples: Samples = {
  'national-id-released': {},
  'mobile-changed': { mobile: '0812345678' },
  'mobile-removed': {},
  'contacts-changed': {},
  'signed-out-everywhere': {},
  'password-changed': {},
  'mobile-registered': {},
  'mobile-unconfirmed': {},
  welcome: {},
  'code-register': code,
  'code-change_mobile': code,
  'code-reset': code,
  'code-login': code,
};
