import type { AccountPageData } from '../../page-data/account-data.ts';
import { newAuthenticator } from './second-factor-samples.ts';

type OwnPages = 'account/security' | 'account/security-code' | 'account/authenticator' | 'account/passkey';

const moment = {
  iso: '2026-01-02T03:04:05.000Z',
  text: { th: '2 ม.ค. 2569 10:04', en: '2 Jan 2026, 10:04' },
};
const frame = { csrf: 'token', errors: [], outcome: undefined };
const setup = (factor: 'sms' | 'email') => ({
  action: `/account/security/${factor}`,
  againAction: `/account/security/${factor}/send`,
  ...{ reference: 'KQXT', minutes: 5, wait: 60, validFor: 300 },
});
const passkey = { action: '/account/passkeys/new', options: '/account/passkeys/options' };
const signals = {
  ...{ rpId: 'localhost', userId: 'AAAA', allAcceptedCredentialIds: [] },
  ...{ name: 'somchai@example.com', displayName: 'สมชาย ใจดี' },
};

/** The pages about the ways to sign in, in all visibly different states. */
export const securitySamples: { readonly [Page in OwnPages]: readonly AccountPageData[Page][] } = {
  'account/security': [
    {
      ...frame,
      outcome: 'authenticator_added',
      methods: ['password', 'code', 'email-code', 'passkey', 'upstream', 'facebook'],
      authenticators: [
        { id: 'a', name: 'โทรศัพท์ของฉัน', addedAt: moment, usedAt: moment },
        { id: 'b', name: 'Authenticator app', addedAt: moment, usedAt: undefined },
      ],
      sent: [
        { factor: 'sms', id: 'c', to: '08x-xxx-5678', usedAt: moment },
        { factor: 'email', id: undefined, to: 's•••@example.com', usedAt: undefined },
      ],
      recoveryCodes: 8,
      recoveryAt: undefined,
      passkeys: [
        {
          id: 'c',
          name: 'Google Password Manager',
          backedUp: true,
          addedAt: moment,
          usedAt: moment,
        },
        {
          id: 'd',
          name: 'YubiKey 5 NFC',
          backedUp: false,
          addedAt: moment,
          usedAt: undefined,
        },
      ],
      signals,
      needsRecentSignIn: false,
    },
    {
      ...{ ...frame, methods: ['password'], authenticators: [], recoveryCodes: 0, needsRecentSignIn: true },
      ...{ passkeys: [], signals, recoveryAt: undefined },
      sent: [{ factor: 'sms', id: undefined, to: '08x-xxx-5678', usedAt: undefined }],
    },
    {
      ...{ ...frame, methods: ['password'], recoveryCodes: 0, needsRecentSignIn: true },
      authenticators: [{ id: 'a', name: 'โทรศัพท์ของฉัน', addedAt: moment, usedAt: moment }],
      ...{ passkeys: [], signals, recoveryAt: moment },
      sent: [],
    },
    {
      ...{ ...frame, methods: ['password'], authenticators: [], recoveryCodes: 10, needsRecentSignIn: false },
      ...{ passkeys: undefined, signals: undefined, recoveryAt: undefined },
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 2400 }],
      sent: [{ factor: 'email', id: 'd', to: undefined, usedAt: undefined }],
    },
  ],
  'account/passkey': [
    { ...frame, passkey },
    { ...frame, passkey, errors: [{ code: 'PASSKEY_REJECTED' }] },
  ],
  'account/security-code': [
    { ...frame, ...setup('sms'), factor: 'sms', to: '08x-xxx-5678' },
    {
      ...frame,
      ...setup('email'),
      factor: 'email',
      to: 's•••@example.com',
      errors: [{ field: 'code', code: 'CODE_WRONG' }],
    },
  ],
  'account/authenticator': [
    { ...frame, ...newAuthenticator },
    { ...frame, ...newAuthenticator, errors: [{ field: 'code', code: 'SECOND_FACTOR_WRONG' }] },
  ],
};
