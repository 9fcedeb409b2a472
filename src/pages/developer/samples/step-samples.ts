import type { PageData } from '../../page-data/page-data.ts';

export const client = {
  name: 'ร้านกาแฟ Doi Chaang',
  logoUri: 'https://client.example/logo.png',
  policyUri: 'https://client.example/privacy',
  tosUri: 'https://client.example/terms',
};

/** The frame of a step, within a sign-in and on its own. */
const inSignIn = { client, cancelAction: '/i/1/abort', csrf: 'token' };
const alone = { client: undefined, cancelAction: undefined, csrf: 'token' };

const emailCode = {
  action: '/i/1/email/code',
  againAction: '/i/1/email/again',
  addressAddress: '/i/1/email',
  email: 'somchai@example.com',
  minutes: 5,
};

const titles = [
  { id: 1, nameTh: 'นาย', nameEn: 'Mr.' },
  { id: 2, nameTh: 'นาง', nameEn: 'Mrs.' },
];
const typed = {
  title: '2',
  firstName: 'ฝอย',
  lastName: 'ขัดหม้อ',
  birthDate: '2015-04-03',
  thaiId: '3-6703-01396-48-4',
  noThaiId: '',
};
const mail = { email: 'somchai@example.com', otherAddress: '/forgot-password' };
const nothingTyped = { title: '', firstName: '', lastName: '', birthDate: '', thaiId: '', noThaiId: '' };
const names = ['ฝอย', 'ขัดหม้อ'];
const identity = { titles, today: '2026-01-02', nationalId: 'required' } as const;

type StepPage =
  | 'sign-in/terms'
  | 'sign-in/contacts'
  | 'steps/mobile'
  | 'steps/cannot-send'
  | 'steps/code'
  | 'sign-in/email'
  | 'sign-in/email-code'
  | 'registration/identity'
  | 'registration/credentials'
  | 'steps/new-password'
  | 'recovery/mail-sent'
  | 'steps/done';

/** The pages of the steps that verify a mobile or ask about contacts, in all visibly different states. */
export const stepSamples: { readonly [Page in StepPage]: readonly PageData[Page][] } = {
  'sign-in/terms': [
    {
      client,
      texts: [
        { purpose: 'terms', version: '2026-11', uri: 'https://id.example/terms' },
        { purpose: 'privacy', version: '3', uri: 'https://id.example/privacy' },
      ],
      isNew: false,
      ...{ action: '/i/1/terms', cancelAction: '/i/1/abort', mayBeLater: false, csrf: 'token' },
    },
    {
      client,
      texts: [{ purpose: 'terms', version: '2026-11', uri: 'https://id.example/terms' }],
      isNew: true,
      ...{ action: '/i/1/terms', cancelAction: '/i/1/abort', mayBeLater: true, csrf: 'token' },
    },
  ],
  'sign-in/contacts': [
    {
      client,
      contacts: [
        {
          kind: 'mobile',
          value: '+66812345678',
          shown: '0812345678',
          addedOn: { th: '2 มกราคม 2569', en: '2 January 2026' },
          isSecondFactor: false,
        },
        {
          kind: 'email',
          value: 'somchai@example.com',
          shown: 'somchai@example.com',
          addedOn: { th: '2 มกราคม 2569', en: '2 January 2026' },
          isSecondFactor: true,
        },
      ],
      action: '/i/1/contacts',
      csrf: 'token',
    },
  ],
  'steps/mobile': [
    {
      ...{ ...alone, purpose: 'register', action: '/register', typed: '0812345678', accepts: 'mobile' },
      botCheck: { provider: 'turnstile', siteKey: 'key', action: 'register' },
      errors: [{ code: 'BOT_CHECK_MISSING' }],
    },
    { ...alone, purpose: 'reset', action: '/forgot-password', typed: '', accepts: 'email' },
    {
      ...inSignIn,
      purpose: 'login',
      action: '/i/1/sms',
      typed: '',
      accepts: 'mobile',
      signInAddress: '/i/1/login',
      registerAddress: '/i/1/register',
    },
    { ...inSignIn, purpose: 'login', action: '/i/1/sms', typed: '', accepts: 'mobile' },
    {
      ...alone,
      purpose: 'register',
      action: '/register',
      typed: '12',
      accepts: 'mobile',
      errors: [{ field: 'mobile', code: 'INVALID_MOBILE' }],
    },
    {
      ...alone,
      purpose: 'reset',
      action: '/forgot-password',
      typed: 'nobody',
      accepts: 'either',
      errors: [{ field: 'login', code: 'MOBILE_OR_EMAIL_WRONG' }],
    },
    {
      ...alone,
      purpose: 'reset',
      action: '/forgot-password',
      typed: '',
      accepts: 'mobile',
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 1800 }],
    },
  ],
  'steps/cannot-send': [
    { ...alone, purpose: 'register', signInAddress: '/account' },
    { ...inSignIn, purpose: 'reset', signInAddress: '/i/1' },
  ],
  'steps/code': [
    {
      ...inSignIn,
      purpose: 'login',
      action: '/i/1/sms/code',
      againAction: '/i/1/sms/again',
      mobileAddress: '/i/1/sms',
      mobile: '0812345678',
      reference: 'K7QX',
      minutes: 5,
      wait: 60,
      validFor: 300,
    },
    {
      ...alone,
      purpose: 'register',
      action: '/register/code',
      againAction: '/register/again',
      mobileAddress: '/register',
      mobile: '0812345678',
      reference: undefined,
      minutes: 5,
      wait: 0,
      validFor: 0,
      errors: [{ code: 'CODE_WRONG' }],
    },
    {
      ...alone,
      purpose: 'reset',
      action: '/forgot-password/code',
      againAction: '/forgot-password/again',
      mobileAddress: '/forgot-password',
      mobile: '0812345678',
      reference: 'K7QX',
      minutes: 5,
      wait: 12,
      validFor: 252,
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 12 }],
    },
  ],
  'sign-in/email': [
    {
      ...{ ...inSignIn, action: '/i/1/email', typed: '' },
      ...{ passwordAddress: '/i/1/login', codeAddress: '/i/1/sms', registerAddress: '/i/1/register' },
    },
    {
      ...{ ...inSignIn, action: '/i/1/email', typed: 'nobody' },
      errors: [{ field: 'login', code: 'INVALID_EMAIL' }],
    },
    {
      ...{ ...inSignIn, action: '/i/1/email', typed: 'somchai@example.com' },
      errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 1800 }],
    },
  ],
  'sign-in/email-code': [
    {
      ...{ ...inSignIn, ...emailCode, reference: 'K7QX', wait: 60, validFor: 300 },
      ...{ passwordAddress: '/i/1/login', codeAddress: '/i/1/sms' },
    },
    {
      ...{ ...inSignIn, ...emailCode, reference: undefined, wait: 0, validFor: 0 },
      errors: [{ field: 'code', code: 'CODE_WRONG', triesLeft: 3 }],
    },
  ],
  'registration/identity': [
    { ...inSignIn, ...identity, action: '/i/1/register/details', typed: nothingTyped },
    {
      ...alone,
      ...identity,
      action: '/register/details',
      typed: { ...typed, firstName: '12' },
      errors: [
        { field: 'title', code: 'TITLE_MISSING' },
        { field: 'firstName', code: 'INVALID_NAME' },
        { field: 'thaiId', code: 'NATIONAL_ID_TAKEN' },
      ],
    },
    { ...alone, ...identity, nationalId: 'optional', action: '/register/details', typed: nothingTyped },
    {
      ...alone,
      ...identity,
      nationalId: 'optional',
      action: '/register/details',
      typed: { ...typed, thaiId: '' },
      errors: [{ field: 'thaiId', code: 'NATIONAL_ID_OR_NONE' }],
    },
    {
      ...alone,
      ...identity,
      nationalId: 'optional',
      action: '/register/details',
      typed: { ...typed, thaiId: '', noThaiId: 'yes' },
    },
    { ...alone, ...identity, nationalId: 'off', action: '/register/details', typed },
  ],
  'registration/credentials': [
    {
      ...inSignIn,
      action: '/i/1/register/account',
      backAddress: '/i/1/register/details',
      mobile: '0812345678',
      email: '',
      mailsLink: true,
      offersPasskey: true,
      names,
      passwordLeast: 8,
      termsUri: undefined,
      privacyUri: undefined,
    },
    {
      ...alone,
      action: '/register/account',
      backAddress: '/register/details',
      mobile: '0812345678',
      email: 'megaspeed@example.com',
      mailsLink: true,
      offersPasskey: false,
      names,
      passwordLeast: 4,
      termsUri: 'https://id.example/terms',
      privacyUri: 'https://id.example/privacy',
      errors: [
        { field: 'email', code: 'CONTACT_TAKEN' },
        { field: 'password', code: 'PASSWORD_TOO_SHORT' },
        { field: 'terms', code: 'TERMS_NOT_ACCEPTED' },
      ],
    },
    {
      ...alone,
      action: '/register/account',
      backAddress: '/register/details',
      mobile: '0812345678',
      email: '',
      mailsLink: false,
      offersPasskey: false,
      names,
      passwordLeast: 8,
      termsUri: undefined,
      privacyUri: 'https://id.example/privacy',
      errors: [{ code: 'TOO_MANY_ATTEMPTS' }],
    },
  ],
  'steps/new-password': [
    { ...inSignIn, action: '/i/1/forgot-password/password', identifier: '0812345678', passwordLeast: 8 },
    {
      ...alone,
      action: '/forgot-password/password',
      identifier: '0812345678',
      passwordLeast: 8,
      errors: [{ field: 'password', code: 'PASSWORD_TOO_COMMON' }],
    },
  ],
  'recovery/mail-sent': [
    { ...inSignIn, ...mail, action: '/i/1/forgot-password/sent', again: false, signInAddress: '/i/1' },
    { ...alone, ...mail, action: '/forgot-password/sent', again: true, signInAddress: '/account' },
  ],
  'steps/done': [{ outcome: 'registered' }, { outcome: 'recovered' }],
};
