import type { ShownMessage } from '../../page-data/console-audit-data.ts';
import type { ConsolePageData } from '../../page-data/console-data.ts';
import { frame, moment } from './console-frame-sample.ts';

type OwnPages = 'console/audit' | 'console/trace' | 'console/receipts' | 'console/messages';

const requestId = '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a';
const events = [
  {
    at: moment,
    event: 'client.changed',
    reason: null,
    accountId: null,
    clientId: 'shop',
    actor: 'operator:1',
    requestId,
    lockedUntil: null,
    details: [{ name: 'fields', value: 'redirect_uris' }],
  },
  {
    at: moment,
    event: 'sign_in.refused',
    reason: 'locked',
    accountId: 1204,
    clientId: 'app',
    actor: null,
    requestId,
    lockedUntil: moment,
    details: [],
  },
];
const message: ShownMessage = {
  id: '7a0f0a52-5b3e-4c0e-9f7c-0a2f6c1d2e3f',
  channel: 'mail',
  kind: 'password-changed',
  state: 'dropped',
  accountId: 1204,
  requestId,
  createdAt: moment,
  endedAt: moment,
  attempts: 10,
  lastError: 'ECONNREFUSED',
};
const typed = { account: '', client: '', actor: '', event: '', request_id: '', since: '', until: '' };

const receipt = { id: 'nB6MCQu6Uvblu-pvGST-BQ', at: moment, erasedBy: 'retention' } as const;
const byOwner = { ...receipt, id: 'mA5LBPt5TuaktZouFRS_AP', erasedBy: 'owner' } as const;

/** The console's pages about events and messages. */
export const auditSamples: { readonly [Page in OwnPages]: readonly ConsolePageData[Page][] } = {
  'console/audit': [
    { ...frame, events, next: '?after=cursor', typed },
    { ...frame, events: [], next: null, typed: { ...typed, account: '1204', since: '2026-01-02T03:04' } },
  ],
  'console/receipts': [
    { ...frame, typed: '', verified: undefined, receipts: [receipt, byOwner], next: '?after=cursor' },
    {
      ...frame,
      typed: 'eyJhbGciOiJSUzI1NiJ9.eyJlcmFzZWRfYnkiOiJyZXRlbnRpb24ifQ.c2lnbmF0dXJl',
      verified: {
        ...receipt,
        tables: [
          { table: 'accounts', rows: 1 },
          { table: 'contacts', rows: 2 },
        ],
      },
      receipts: [receipt],
      next: null,
    },
    { ...frame, typed: 'eyJ', verified: null, receipts: [], next: null },
  ],
  'console/trace': [
    { ...frame, typed: '', trace: undefined },
    { ...frame, typed: requestId, trace: null },
    {
      ...frame,
      typed: requestId,
      trace: {
        requestId,
        refusal: {
          at: moment,
          method: 'POST',
          route: '/interaction/:uid/login',
          status: 429,
          error: 'TOO_MANY_ATTEMPTS',
          reason: 'locked',
        },
        clientId: 'app',
        accountId: 1204,
        events,
        messages: [message],
      },
    },
  ],
  'console/messages': [
    {
      ...frame,
      messages: [
        message,
        { ...message, channel: 'sms', kind: 'login-code', state: 'sent', lastError: null, attempts: 1 },
        { ...message, channel: 'logout', kind: 'logout', state: 'waiting', endedAt: null, accountId: null },
        {
          ...message,
          channel: 'revocation',
          kind: 'revoke-token',
          state: 'sent',
          lastError: null,
          attempts: 1,
        },
      ],
      state: null,
      next: '?after=cursor',
    },
    { ...frame, messages: [], state: 'waiting', next: null },
  ],
};
