import type { AccountPageData } from '../../page-data/account-data.ts';

type OwnPages =
  | 'account/overview'
  | 'account/profile'
  | 'account/picture'
  | 'account/password'
  | 'account/email'
  | 'account/mobile'
  | 'account/mobile-code';

const frame = { csrf: 'token', errors: [], outcome: undefined };
const isAskedForContacts = false;
const madeOn = { th: '2 มกราคม 2569', en: '2 January 2026' };
export const SAMPLE_PICTURE_ID = '0123456789abcdef0123456789abcdef';
const pictureId = SAMPLE_PICTURE_ID;
const email = { value: 'somchai@example.com', verified: true };
const mobile = { value: '0812345678', verified: true };
const identifier = 'somchai@example.com';
const newMobile = { mobile: '0898765432', reference: 'AB2C', minutes: 5 };
const isAskedForApproval = false;
const safe: Pick<AccountPageData['account/overview'], 'methods' | 'session' | 'counts'> = {
  methods: ['password', 'code'],
  session: {
    device: { browser: 'Chrome', system: 'Android', isPhone: true },
    signedInAt: {
      iso: '2026-01-02T03:04:05.000Z',
      text: { th: '2 ม.ค. 2569 10:04', en: '2 Jan 2026, 10:04' },
    },
  },
  counts: { devices: 2, applications: 3, linked: 0 },
};
const provinces = { th: ['กรุงเทพมหานคร', 'เชียงใหม่'], en: ['Bangkok', 'Chiang Mai'] };
const titles = [
  { id: 1, nameTh: 'นาย', nameEn: 'Mr.' },
  { id: 2, nameTh: 'นาง', nameEn: 'Mrs.' },
];
const countries = {
  th: [
    { code: 'TH', name: 'ไทย' },
    { code: 'LA', name: 'ลาว' },
  ],
  en: [
    { code: 'LA', name: 'Laos' },
    { code: 'TH', name: 'Thailand' },
  ],
};
const password = { names: ['สมชาย', 'ใจดี'], passwordLeast: 8 };
const nothing = {
  title: '',
  firstName: '',
  lastName: '',
  middleName: '',
  nickname: '',
  preferredUsername: '',
  profileUri: '',
  websiteUri: '',
  birthDate: '',
  phone: '',
  address: '',
  addressTown: '',
  addressRegion: '',
  addressPostcode: '',
  country: '',
  locale: '',
};

/** The pages of the account area that show and change a person's identity, in all visibly different states. */
export const profileSamples: { readonly [Page in OwnPages]: readonly AccountPageData[Page][] } = {
  'account/overview': [
    {
      ...frame,
      ...safe,
      name: 'สมชาย ใจดี',
      pictureId,
      ...{ mobile, email },
      ...{ madeOn, isAskedForApproval },
      isAskedForContacts,
    },
    {
      ...frame,
      ...safe,
      name: 'สมชาย ใจดี',
      pictureId,
      mobile,
      email,
      madeOn,
      isAskedForContacts: true,
      isAskedForApproval: true,
    },
    {
      ...frame,
      ...safe,
      name: undefined,
      pictureId: null,
      mobile: undefined,
      email: { ...email, verified: false },
      ...{ madeOn, isAskedForApproval },
      isAskedForContacts,
    },
    {
      ...frame,
      ...safe,
      name: undefined,
      pictureId: null,
      mobile,
      email: undefined,
      ...{ madeOn, isAskedForApproval },
      isAskedForContacts,
    },
  ],
  'account/profile': [
    { ...frame, typed: nothing, titles, countries, provinces, today: '2026-01-02' },
    {
      ...frame,
      outcome: 'profile_saved',
      typed: { ...nothing, title: '2', firstName: 'สมใจ', address: '1 ถนนสุขุมวิท\nชั้น 2', country: 'TH' },
      titles,
      countries,
      provinces,
      today: '2026-01-02',
    },
    {
      ...frame,
      errors: [
        { field: 'firstName', code: 'FIRST_NAME_MISSING' },
        { field: 'lastName', code: 'INVALID_NAME' },
        { field: 'birthDate', code: 'INVALID_BIRTH_DATE' },
        { field: 'preferredUsername', code: 'INVALID_USERNAME' },
        { field: 'websiteUri', code: 'INVALID_WEB_ADDRESS' },
        { field: 'address', code: 'INVALID_TEXT' },
      ],
      typed: {
        ...nothing,
        lastName: '12',
        birthDate: '2569-01-01',
        preferredUsername: '12',
        websiteUri: 'x',
      },
      titles,
      countries,
      provinces,
      today: '2026-01-02',
    },
  ],
  'account/picture': [
    { ...frame, name: 'สมชาย ใจดี', pictureId },
    { ...frame, name: undefined, pictureId: null, outcome: 'picture_removed' },
    { ...frame, name: 'Somchai', pictureId: null, errors: [{ field: 'file', code: 'IMAGE_TYPE_UNKNOWN' }] },
  ],
  'account/password': [
    { ...frame, identifier, ...password, hasPassword: true },
    { ...frame, identifier, ...password, hasPassword: false },
    {
      ...frame,
      identifier,
      ...password,
      hasPassword: true,
      errors: [
        { field: 'currentPassword', code: 'PASSWORD_WRONG' },
        { field: 'password', code: 'NEW_PASSWORD_MISSING' },
      ],
    },
    { ...frame, identifier, ...password, hasPassword: true, outcome: 'password_changed' },
  ],
  'account/email': [
    { ...frame, identifier, canSend: true, email, pendingEmail: undefined, typed: '', needsPassword: false },
    {
      ...frame,
      identifier,
      canSend: true,
      email: { ...email, verified: false },
      pendingEmail: 'new@example.com',
      typed: '',
      needsPassword: true,
      outcome: 'email_sent',
    },
    {
      ...frame,
      identifier,
      canSend: true,
      email: undefined,
      pendingEmail: undefined,
      typed: 'somchai@example.com',
      needsPassword: true,
      errors: [
        { field: 'email', code: 'EMAIL_UNCHANGED' },
        { field: 'currentPassword', code: 'PASSWORD_MISSING' },
      ],
    },
  ],
  'account/mobile': [
    { ...frame, identifier, canSend: true, mobile, typed: '', needsPassword: false },
    {
      ...frame,
      identifier,
      canSend: true,
      mobile: undefined,
      typed: '0812345678',
      needsPassword: true,
      errors: [{ field: 'mobile', code: 'MOBILE_MISSING' }, { code: 'TOO_MANY_ATTEMPTS' }],
    },
    {
      ...frame,
      identifier,
      canSend: true,
      mobile,
      typed: '',
      needsPassword: true,
      outcome: 'mobile_changed',
      errors: [{ field: 'mobile', code: 'MOBILE_UNCHANGED' }],
    },
  ],
  'account/mobile-code': [
    { ...frame, ...newMobile, wait: 60, validFor: 300 },
    {
      ...frame,
      ...newMobile,
      ...{ wait: 0, validFor: 200 },
      errors: [{ field: 'code', code: 'CODE_TRY_AGAIN', triesLeft: 4 }],
    },
    { ...frame, ...newMobile, wait: 60, validFor: 300, outcome: 'code_sent' },
  ],
};
