import { scopesOfRole } from '../../../domain/operators/role.ts';
import type { ConsoleOtherData, ConsolePageData } from '../../page-data/console-data.ts';
import { frame, moment } from './console-frame-sample.ts';

type OwnData = Pick<
  ConsolePageData & ConsoleOtherData,
  'console/accounts' | 'console/account' | 'console/accounts-import' | 'console/accounts-imported'
>;

const listed = { status: 'active', createdAt: moment } as const;
const account: ConsolePageData['console/account'] = {
  ...frame,
  id: 1204,
  shownName: 'สมชาย ใจดี',
  status: 'active',
  facts: {
    name: 'สมชาย ใจดี',
    birthDate: '1990-04-13',
    nationalIdEnd: '0708',
    card: '8812 0000 1204',
    externalId: 'crm-77',
    registerChannel: 'MOBILE',
  },
  createdAt: moment,
  lastSignInAt: moment,
  passwordSince: moment,
  lockedUntil: moment,
  contacts: [
    { kind: 'mobile', value: '+66812345678', verified: true, preferred: true },
    { kind: 'email', value: 'somchai@example.com', verified: false, preferred: true },
  ],
  bindings: [{ provider: 'facebook', externalId: '1029384756' }],
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
  applications: [{ client: 'shop', scopes: ['openid', 'profile'], tokens: 2 }],
  lookups: [{ at: moment, client: '1001', purpose: 'delivery' }],
  history: [
    {
      event: 'sign_in.refused',
      reason: 'locked',
      count: 1,
      from: moment,
      until: moment,
      networks: 1,
      clientId: 'app',
      actor: 'system',
      requestId: '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a',
      lockedUntil: moment,
      details: [{ name: 'limit', value: 'account' }],
    },
    {
      event: 'sign_in.failed',
      reason: 'wrong_password',
      count: 10,
      from: moment,
      until: moment,
      networks: 1,
      clientId: 'app',
      actor: null,
      requestId: null,
      lockedUntil: null,
      details: [],
    },
  ],
  nextEvents: 'cursor',
  typedContact: { kind: 'mobile', value: '' },
};

/** The pages of accounts in the console. */
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
      may: [...scopesOfRole('support')],
      status: 'suspended',
      outcome: 'suspended',
      lockedUntil: null,
      lastSignInAt: null,
      passwordSince: null,
      contacts: [],
      bindings: [],
      sessions: [],
      applications: [],
      lookups: [],
      history: [],
      nextEvents: null,
    },
    {
      ...account,
      errors: [{ code: 'CONFIRMATION_WRONG', field: 'confirmation' }, { code: 'INVALID_MOBILE' }],
      typedContact: { kind: 'mobile', value: '08' },
    },
  ],
};
