import { scopesOfRole } from '../../../domain/operators/role.ts';
import type { ConsoleOtherData, ConsolePageData } from '../../page-data/console-data.ts';
import { frame, moment } from './console-frame-sample.ts';

type OwnData = Pick<
  ConsolePageData & ConsoleOtherData,
  | 'console/accounts'
  | 'console/accounts-new'
  | 'console/account'
  | 'console/account-contacts'
  | 'console/account-profile'
  | 'console/account-sessions'
  | 'console/account-applications'
  | 'console/account-consents'
  | 'console/account-lookups'
  | 'console/account-roles'
  | 'console/account-actions'
  | 'console/accounts-import'
  | 'console/accounts-imported'
>;

const listed = { status: 'active', createdAt: moment } as const;
/** A time as it is written next to another one. */
const clock = { ...moment, text: { th: '10:04', en: '10:04' } };

const subject = { ...frame, id: 1204, shownName: 'สมชาย ใจดี', status: 'active' } as const;
const support = [...scopesOfRole('support')];
const contacts = [
  { kind: 'mobile', value: '+66812345678', verified: true },
  { kind: 'email', value: 'somchai@example.com', verified: false },
] as const;
const typed = {
  given_name: 'สมชาย',
  family_name: 'ใจดี',
  middle_name: '',
  nickname: 'ชาย',
  preferred_username: 'somchai',
  birthdate: '1990-04-13',
  profile: 'https://example.com/somchai',
  website: '',
  locale: 'th',
  external_id: 'crm-77',
};
const account: ConsolePageData['console/account'] = {
  ...subject,
  facts: {
    name: 'สมชาย ใจดี',
    middleName: 'ชัย',
    nickname: 'ชาย',
    preferredUsername: 'somchai',
    birthDate: '1990-04-13',
    profileUri: 'https://example.com/somchai',
    websiteUri: null,
    nationalIdEnd: '0708',
    card: '8812 0000 1204',
    externalId: 'crm-77',
    registerChannel: 'MOBILE',
  },
  createdAt: moment,
  lastSignInAt: moment,
  passwordSince: moment,
  lockedUntil: moment,
  contacts,
  bindings: [{ provider: 'facebook', externalId: '1029384756' }],
  authenticators: [
    { method: 'totp', name: 'Google Authenticator', lastUsedAt: moment },
    { method: 'sms', name: null, lastUsedAt: null },
  ],
  recoveryAt: moment,
  history: [
    {
      event: 'sign_in.refused',
      reason: 'locked',
      count: 1,
      ...{ at: moment, from: clock, until: clock },
      networks: 1,
      clientId: 'app',
      actor: 'system',
      requestId: '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a',
      lockedUntil: clock,
      details: [{ name: 'limit', value: 'account' }],
    },
    {
      event: 'sign_in.failed',
      reason: 'wrong_password',
      count: 10,
      ...{ at: moment, from: clock, until: clock },
      networks: 1,
      clientId: 'app',
      actor: null,
      requestId: null,
      lockedUntil: null,
      details: [],
    },
  ],
  hasMore: true,
};

/** The console's pages about accounts. */
export const accountsSamples: { readonly [Page in keyof OwnData]: readonly OwnData[Page][] } = {
  'console/accounts-import': [frame, { ...frame, errors: [{ code: 'FILE_MISSING', field: 'file' }] }],
  'console/accounts-imported': [
    {
      ...frame,
      summary: { rows: 120, created: 100, updated: 3, unchanged: 4, failed: 13, dry_run: false },
      failures: [
        {
          line: 7,
          status: 'failed',
          id: null,
          errors: [{ pointer: '/mobile', code: 'CONTACT_TAKEN', detail: 'Already in use.' }],
        },
      ],
    },
    {
      ...frame,
      summary: { rows: 1, created: 1, updated: 0, unchanged: 0, failed: 0, dry_run: true },
      failures: [],
    },
  ],
  'console/accounts-new': [
    { ...frame, typed: { ...typed, mobile: '', mobile_verified: '', email: '', email_verified: '' } },
    {
      ...frame,
      errors: [
        { code: 'CONTACT_TAKEN', field: 'mobile' },
        { code: 'INVALID_NAME', field: 'family_name' },
      ],
      typed: {
        ...typed,
        mobile: '0812345678',
        mobile_verified: 'true',
        email: 'somchai@example.com',
        email_verified: '',
        family_name: '12',
      },
    },
  ],
  'console/accounts': [
    {
      ...frame,
      accounts: [
        { id: 1204, name: 'สมชาย ใจดี', mobile: '+66812345678', email: 'somchai@example.com', ...listed },
        {
          id: 1203,
          name: 'a-very-long-address-of-a-customer@subdomain.example.com',
          mobile: null,
          email: null,
          ...listed,
        },
      ],
      next: 'cursor',
      searched: '',
      status: 'active',
    },
    { ...frame, accounts: [], next: null, searched: 'สมห', status: null },
  ],
  'console/account': [
    account,
    {
      ...account,
      may: support,
      status: 'suspended',
      outcome: 'suspended',
      lockedUntil: null,
      lastSignInAt: null,
      passwordSince: null,
      contacts: [],
      bindings: [],
      history: [],
      hasMore: false,
    },
  ],
  'console/account-contacts': [
    { ...subject, contacts, typed: { kind: 'mobile', value: '', verified: false } },
    {
      ...subject,
      may: support,
      contacts: [],
      errors: [{ code: 'INVALID_MOBILE' }],
      typed: {
        kind: 'email',
        value: 'a-very-long-address-of-a-customer@subdomain.example.com',
        verified: true,
      },
    },
  ],
  'console/account-profile': [
    { ...subject, typed, version: 'v1', outcome: 'profile_changed' },
    {
      ...subject,
      typed: { ...typed, preferred_username: '0812345678', birthdate: '', website: 'example', locale: '' },
      version: 'v1',
      errors: [
        { code: 'INVALID_NAME', field: 'given_name' },
        { code: 'INVALID_USERNAME', field: 'preferred_username' },
        { code: 'INVALID_WEB_ADDRESS', field: 'website' },
        { code: 'EXTERNAL_ID_TAKEN', field: 'external_id' },
      ],
    },
  ],
  'console/account-sessions': [
    {
      ...subject,
      sessions: [
        {
          uid: 'a',
          device: { browser: 'Chrome', system: 'Android', isPhone: true },
          signedInAt: moment,
          seenAt: moment,
        },
        {
          uid: 'b',
          device: { browser: null, system: null, isPhone: false },
          signedInAt: moment,
          seenAt: moment,
        },
      ],
      more: 12,
      next: '2',
    },
    { ...subject, sessions: [], more: 0, next: undefined },
  ],
  'console/account-applications': [
    {
      ...subject,
      applications: [{ client: 'shop', scopes: ['openid', 'profile'], tokens: 2 }],
      more: 0,
      next: undefined,
    },
    { ...subject, applications: [], more: 0, next: undefined },
  ],
  'console/account-consents': [
    {
      ...subject,
      ...{ more: 0, next: undefined },
      records: [
        {
          ...{ purpose: 'marketing', version: '1', language: 'th', channel: 'pages' },
          ...{ givenAt: moment, withdrawnAt: moment },
        },
        {
          ...{ purpose: 'terms', version: '2026-11', language: 'en', channel: 'customers' },
          ...{ givenAt: moment, withdrawnAt: undefined },
        },
      ],
    },
    { ...subject, records: [], more: 0, next: undefined },
  ],
  'console/account-lookups': [
    { ...subject, lookups: [{ at: moment, client: '1001', purpose: 'delivery' }], more: 3, next: '2' },
    { ...subject, lookups: [], more: 0, next: undefined },
  ],
  'console/account-roles': [
    { ...subject, roles: ['editor', 'shop:refunds'], unconfigured: ['beta-tester'], offered: ['admin'] },
    { ...subject, roles: [], unconfigured: [], offered: [], errors: [{ code: 'UNKNOWN_ROLE' }] },
    { ...subject, may: support, roles: ['editor'], unconfigured: [], offered: ['admin'] },
  ],
  'console/account-actions': [
    {
      ...subject,
      kinds: ['mobile', 'email'],
      hasNationalId: true,
      authenticators: [
        { method: 'passkey', id: '2f3b8c1e-5a7d-4e9f-8b6c-1d2e3f4a5b6c', name: 'Google Password Manager' },
        { method: 'email', id: '2f3b8c1e-5a7d-4e9f-8b6c-1d2e3f4a5b6d', name: null },
      ],
    },
    {
      ...subject,
      status: 'suspended',
      kinds: [],
      hasNationalId: false,
      authenticators: [],
      errors: [{ code: 'CONFIRMATION_WRONG', field: 'confirmation' }],
    },
  ],
};
