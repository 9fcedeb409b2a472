import type { NoticeText } from '../../../domain/messages/message.ts';

type Samples = Readonly<Record<string, NoticeText['values']>>;
type MailSample = Omit<NoticeText, 'kind' | 'locale'>;

const link = (path: string) => ({
  identifier: 'abcdefghijkmnpqrstuv',
  key: 'ABCDEFGHIJKLMNOP',
  link: `https://id.example.com${path}?identifier=abcdefghijkmnpqrstuv&key=ABCDEFGHIJKLMNOP`,
});
const code = { code: '123456', reference: 'KQXT', minutes: '5' };

const owner = { firstName: 'สมศรี' };
const done = {
  at: new Date('2026-01-02T03:04:05Z'),
  browser: 'Chrome',
  system: 'Android',
  address: '203.0.113.7',
};
const notice = (values: NoticeText['values'] = {}): MailSample => ({ values, owner, done });
/** For actions of staff, whose location is not disclosed. */
const byStaff = (values: NoticeText['values'] = {}): MailSample => ({ values, owner, done: { at: done.at } });
const asked = { client: 'ร้านกาแฟ Doi Chaang', link: 'https://id.example.com/account/approvals' };
const mobile = { mobile: '+66812345678' };
const change = { ...link('/undo-email'), email: 'somsri@example.com' };
const recovery = { until: '2026-01-05T03:04:05Z' };
const reset = { code: 'ABCDEFGHIJ', link: 'https://id.example.com/reset-password/ABCDEFGHIJ' };

/** Every mail by kind, with realistic values, in all visibly different states. */
export const mailSamples: Readonly<Record<string, readonly MailSample[]>> = {
  'national-id-released': [byStaff()],
  'mobile-released': [byStaff(mobile)],
  'mobile-changed': [notice(mobile)],
  'mobile-removed': [notice(mobile)],
  'contacts-changed': [{ values: {} }],
  'signed-out-everywhere': [notice()],
  'password-changed': [notice(), { values: {}, done: { at: done.at } }],
  'second-factor-changed': [notice()],
  'passkey-copied': [notice()],
  'new-sign-in': [notice()],
  'second-factor-recovery': [notice(recovery), { values: recovery, done: { at: done.at } }],
  'second-factor-recovery-cancelled': [notice()],
  'second-factor-recovered': [notice()],
  'account-unused': [{ values: recovery, owner }],
  'sign-in-linked': [notice({ provider: 'LINE' })],
  'webhook-disabled': [
    byStaff({ host: 'crm.example.com', link: 'https://id.example.com/console/webhooks/5f0e' }),
  ],
  'approval-requested': [{ values: asked, owner }],
  'verify-email': [{ values: link('/verify-email') }],
  'verify-email-to-sign-in': [{ values: link('/verify-email') }],
  'confirm-email': [
    { values: link('/confirm-email') },
    { values: link('/confirm-email'), showsValues: true },
  ],
  'email-changing': [notice(change), { ...notice(change), showsValues: true }],
  'email-registered': [{ values: {}, owner }],
  'activate-account': [
    {
      values: {
        identifier: 'abcdefghijkmnpqrstuv',
        secret: 'ABCDEFGHIJ',
        link: 'https://id.example.com/activate?identifier=abcdefghijkmnpqrstuv&secret=ABCDEFGHIJ',
      },
      showsValues: true,
    },
  ],
  'reset-password': [
    { values: reset, owner },
    { values: reset, showsValues: true },
  ],
  'code-login': [
    { values: { ...code, link: 'https://id.example.com/sign-in-link?key=AQwTeMfa4hJ7oB5uXx3mQ2' }, owner },
  ],
  'code-second_factor': [{ values: code, owner }],
  'code-remove_second_factor': [{ values: code, owner }],
};

/** Every SMS by kind, with realistic values. */
export const smsSamples: Samples = {
  'approval-requested': asked,
  'national-id-released': {},
  'mobile-changed': { mobile: '0812345678' },
  'mobile-removed': {},
  'contacts-changed': {},
  'signed-out-everywhere': {},
  'password-changed': {},
  'second-factor-recovery': recovery,
  'second-factor-recovered': {},
  'account-unused': recovery,
  'second-factor-changed': {},
  'passkey-copied': {},
  'new-sign-in': {},
  'mobile-registered': {},
  'mobile-unconfirmed': {},
  welcome: {},
  'code-register': code,
  'code-change_mobile': code,
  'code-reset': code,
  'code-login': code,
  'code-remove_second_factor': code,
  'code-second_factor': code,
};
