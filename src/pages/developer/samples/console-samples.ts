import { scopesOfRole } from '../../../domain/operators/role.ts';
import { navigationOf } from '../../console/navigation.ts';
import { SPARKLINE, sparkline } from '../../kit/sparkline.ts';
import type { ConsoleOtherData, ConsolePageData } from '../../page-data/console-data.ts';
import { accountsSamples } from './console-accounts-samples.ts';
import { auditSamples } from './console-audit-samples.ts';
import { clientsSamples } from './console-clients-samples.ts';
import { frame, moment } from './console-frame-sample.ts';
import { upstreamSamples } from './console-upstream-samples.ts';
import { webhookSamples } from './console-webhooks-samples.ts';

type Data = ConsolePageData & ConsoleOtherData;

const busy = Array.from({ length: 24 }, (_, hour) => Math.round(40 + 35 * Math.sin(hour / 4)));
const viewer = scopesOfRole('viewer');

/** The pages of the console, in all visibly different states. */
export const consoleSamples: { readonly [Page in keyof Data]: readonly Data[Page][] } = {
  'console/today': [
    {
      ...frame,
      signIns: [
        { outcome: 'succeeded', hour: 1_204, day: 18_230 },
        { outcome: 'failed', hour: 31, day: 420 },
        { outcome: 'refused', hour: 0, day: 12 },
      ],
      codes: [{ channel: 'sms', sent: 5_210, used: 4_987 }],
      outbox: { waiting: 3, oldestSeconds: 2, dropped: 1 },
      limits: [
        { name: 'deployment', client: null, count: 1, until: moment },
        { name: 'account', client: null, count: 3, until: moment },
        { name: 'searches_minute', client: '2171', count: 1, until: moment },
      ],
      keys: [
        { kid: 'Zq3kT0aX', state: 'current', ageDays: 41 },
        { kid: 'b7Ymx91c', state: 'next', ageDays: 0 },
      ],
      lines: { succeeded: sparkline(busy), failed: sparkline(busy.toReversed()) },
      version: '0.1.0',
    },
    {
      ...frame,
      operator: { id: 7, role: 'viewer' },
      may: [...viewer],
      navigation: navigationOf(viewer),
      signIns: [],
      codes: [],
      outbox: { waiting: 0, oldestSeconds: 0, dropped: 0 },
      limits: [],
      keys: [],
      lines: { succeeded: sparkline([]), failed: `0,${SPARKLINE.height}` },
      version: '0.1.0',
    },
  ],
  ...accountsSamples,
  ...clientsSamples,
  ...upstreamSamples,
  ...webhookSamples,
  ...auditSamples,
  'console/settings': [
    {
      ...frame,
      keys: [{ kid: 'Zq3kT0aX', alg: 'RS256', state: 'current', createdAt: moment }],
      slices: ['environment', 'server', 'database'],
      slice: 'server',
      settings: [
        { name: 'server.issuer', value: 'https://id.example.com', source: 'ISSUER' },
        { name: 'database.url', value: null, source: 'DATABASE_URL' },
        { name: 'tokens.accessToken', value: '3600', source: 'config/default.yaml' },
      ],
    },
  ],
  'console/operators': [
    {
      ...frame,
      outcome: 'operator_added',
      operators: [
        { accountId: 1, name: 'สมหญิง รักงาน', role: 'admin', status: 'active', since: moment },
        {
          accountId: 42,
          name: 'night-shift@example.com',
          role: 'support',
          status: 'suspended',
          since: moment,
        },
      ],
      next: '?after=cursor',
      typed: { account: '', role: 'viewer' },
    },
    {
      ...frame,
      errors: [{ code: 'LAST_ADMIN' }, { field: 'account', code: 'ACCOUNT_NOT_FOUND' }],
      operators: [{ accountId: 1, name: 'สมหญิง รักงาน', role: 'admin', status: 'active', since: moment }],
      next: null,
      typed: { account: '0812345678', role: 'support' },
    },
  ],
  'console/operator': [
    { ...frame, accountId: 1, name: 'สมหญิง รักงาน', role: 'admin', status: 'active', since: moment },
    {
      ...frame,
      errors: [{ code: 'LAST_ADMIN' }],
      accountId: 42,
      name: 'night-shift@example.com',
      role: 'support',
      status: 'suspended',
      since: moment,
    },
  ],
  'console/error': [
    {
      ...frame,
      ...{ status: 403, code: 'INSUFFICIENT_SCOPE', error: 'insufficient_scope' },
      description: 'The role does not allow this.',
      requestId: '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a',
      next: { address: '/console', label: 'go_on' },
    },
    {
      ...frame,
      ...{ status: 409, code: 'ACCOUNT_DELETED', error: 'invalid_request' },
      description: 'The account has been deleted.',
      requestId: '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a',
      next: { address: '/console', label: 'go_on' },
    },
  ],
  'console/refused': [
    { why: 'no_operator' },
    { why: 'no_second_factor' },
    { why: 'cancelled' },
    { why: 'signed_out' },
  ],
};
