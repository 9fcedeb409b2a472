import type { PageData } from '../../page-data/page-data.ts';
import type { PendingLink, ProviderChoice, ShownProvider } from '../../page-data/upstream-data.ts';
import { client } from './step-samples.ts';

type OwnPages =
  | 'sign-in/upstream'
  | 'sign-in/upstream-link'
  | 'sign-in/other-browser'
  | 'registration/upstream';

const named = (name: string) => ({ th: name, en: name });
const line: ShownProvider = { id: 'line', kind: 'line', name: named('LINE') };
const google: ShownProvider = { id: 'google', kind: 'google', name: named('Google') };

export const choice: ProviderChoice = {
  action: '/i/1/upstream',
  providers: [
    line,
    google,
    { id: 'apple', kind: 'apple', name: named('Apple') },
    { id: 'facebook', kind: 'facebook', name: named('Facebook') },
    { id: 'staff', kind: 'oidc', name: { th: 'บัญชีพนักงาน', en: 'staff account' } },
  ],
};

export const pendingLink: PendingLink = {
  provider: google,
  person: 'somchai@example.com',
  forgetAction: '/i/1/upstream/forget',
};

const form = { client, csrf: 'token', cancelAction: '/i/1/abort' };
const methods = {
  ...{ passwordAddress: '/i/1/login', codeAddress: '/i/1/sms' },
  ...{ emailAddress: '/i/1/email', passkeyAddress: '/i/1/passkey' },
};
const registration = {
  ...form,
  ...{ action: '/i/1/upstream/register/details', linkAddress: '/i/1/upstream/link', mailsLink: true },
  titles: [
    { id: 1, nameTh: 'นาย', nameEn: 'Mr.' },
    { id: 2, nameTh: 'นาง', nameEn: 'Mrs.' },
  ],
  typed: { title: '', firstName: 'สมชาย', lastName: 'ใจดี', birthDate: '', thaiId: '', noThaiId: '' },
  today: '2026-01-02',
};

/** The pages for signing in with other providers, in all visibly different states. */
export const upstreamSamples: { readonly [Page in OwnPages]: readonly PageData[Page][] } = {
  'sign-in/upstream': [
    { ...form, ...choice, ...methods },
    { ...form, ...choice, ...methods, failed: { code: 'UPSTREAM_DENIED', provider: line } },
    {
      ...{ ...form, ...choice, passwordAddress: '/i/1/login', linking: pendingLink },
      failed: { code: 'UPSTREAM_UNAVAILABLE', provider: google },
    },
    { ...form, ...choice, failed: { code: 'UPSTREAM_INVALID', provider: google } },
  ],
  'sign-in/upstream-link': [
    {
      ...{ ...form, action: '/i/1/upstream/link', provider: google, person: 'somchai@example.com' },
      ...{ taken: 'somchai@example.com', registerAddress: undefined },
    },
    {
      ...{ ...form, action: '/i/1/upstream/link', provider: line, person: 'สมชาย' },
      ...{ taken: undefined, registerAddress: '/i/1/upstream/register' },
    },
  ],
  'sign-in/other-browser': [
    { provider: line, restartAddress: '/oauth/authorize?client_id=shop&identity_provider=line' },
    { provider: line, restartAddress: undefined },
  ],
  'registration/upstream': [
    {
      ...{ ...registration, provider: google, email: 'somchai@example.com', isVerified: true },
      ...{ asksName: true, asksBirthDate: true, nationalId: 'required' },
      ...{ termsUri: 'https://id.example.com/terms', privacyUri: 'https://id.example.com/privacy' },
    },
    {
      ...{ ...registration, provider: line, email: '', isVerified: false },
      ...{ asksName: true, asksBirthDate: false, nationalId: 'off' },
      ...{ termsUri: undefined, privacyUri: 'https://id.example.com/privacy' },
      errors: [{ field: 'title', code: 'TITLE_MISSING' }],
    },
    {
      ...{ ...registration, provider: line, email: 'taken@example.com', isVerified: false },
      ...{ asksName: false, asksBirthDate: false, nationalId: 'off' },
      ...{ termsUri: undefined, privacyUri: undefined },
      errors: [{ field: 'email', code: 'CONTACT_TAKEN' }],
    },
  ],
};
