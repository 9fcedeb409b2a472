import type { PageData } from '../../page-data/page-data.ts';

type OwnPages =
  | 'developer/outbox'
  | 'developer/gallery'
  | 'developer/gallery-entry'
  | 'developer/gallery-text';

/** The development pages, in all visibly different states. */
export const developerSamples: { readonly [Page in OwnPages]: readonly PageData[Page][] } = {
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
  'developer/gallery': [
    {
      groups: [
        {
          name: 'sign-in',
          entries: [{ name: 'sign-in/login', address: '/dev/gallery/sign-in/login', states: 3 }],
        },
      ],
    },
  ],
  'developer/gallery-entry': [
    {
      name: 'sign-in/login',
      width: 360,
      widths: [
        { width: 360, address: '?width=360' },
        { width: 1280, address: '?width=1280' },
      ],
      states: [
        {
          number: 1,
          frames: [
            { address: '/dev/gallery/sign-in/login/1?lang=th', locale: 'th', scheme: 'light' },
            { address: '/dev/gallery/sign-in/login/1?lang=th', locale: 'th', scheme: 'dark' },
          ],
        },
      ],
    },
  ],
  'developer/gallery-text': [{ text: 'รหัส OTP ของคุณคือ 123456' }],
};
