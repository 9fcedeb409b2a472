import { WEBHOOK_TYPES } from '../../../domain/webhook-events/webhook-type.ts';
import type { ConsoleOtherData, ConsolePageData } from '../../page-data/console-data.ts';
import { momentWriter } from '../../page-data/moment.ts';
import { frame } from './console-frame-sample.ts';

type OwnData = Pick<ConsolePageData, 'console/webhooks' | 'console/webhooks-new' | 'console/webhook'> &
  Pick<ConsoleOtherData, 'console/webhooks-secret'>;

const written = momentWriter('Asia/Bangkok');
const at = written(new Date('2026-01-02T03:04:05Z'));
const id = '5f0e6a1c-4f3f-4a55-9d0b-0c4b6f0f9a11';
const url = 'https://crm.example.com/events';

const delivery = {
  id: '9a1d0f6e-7c0f-4d51-8f9e-3c4f5b6a7d21',
  type: 'account.registered',
  state: 'delivered',
  accountId: 42,
  at,
  nextAt: null,
  endedAt: at,
  attempts: 1,
  lastError: null,
} as const;
const waiting = {
  ...delivery,
  state: 'waiting',
  nextAt: at,
  endedAt: null,
  attempts: 2,
  lastError: 'HTTP_500',
} as const;

const webhook: OwnData['console/webhook'] = {
  ...frame,
  ...{ id, url, state: 'active' },
  failingSince: null,
  disabledAt: null,
  disabledReason: null,
  types: WEBHOOK_TYPES,
  typed: { webhookUrl: url, events: ['account.registered', 'account.deleted'], contacts: true },
  version: 'v1',
  deliveries: [waiting, delivery, { ...delivery, type: 'webhook.test', accountId: null }],
  deliveryState: null,
  next: '?after=next',
};
const fresh: OwnData['console/webhooks-new'] = {
  ...frame,
  types: WEBHOOK_TYPES,
  typed: { webhookUrl: '', events: [], contacts: false },
};

/** The console's pages about webhooks. */
export const webhookSamples: { readonly [Page in keyof OwnData]: readonly OwnData[Page][] } = {
  'console/webhooks': [
    {
      ...frame,
      webhooks: [
        { id, url, state: 'active', events: ['account.registered', 'account.deleted'] },
        { id, url: 'https://erp.example.com/hook', state: 'failing', events: ['client.changed'] },
        { id, url: 'https://old.example.com/', state: 'disabled', events: ['sign_in.failed'] },
      ],
    },
    { ...frame, outcome: 'webhook_removed', webhooks: [] },
  ],
  'console/webhooks-new': [
    fresh,
    {
      ...fresh,
      typed: { webhookUrl: 'https://10.0.0.1/', events: [], contacts: true },
      errors: [
        { field: 'webhookUrl', code: 'WEBHOOK_URL_REFUSED' },
        { field: 'events', code: 'VALUE_MISSING' },
      ],
    },
  ],
  'console/webhooks-secret': [{ ...frame, id, secret: `whsec_${'A'.repeat(43)}=` }],
  'console/webhook': [
    webhook,
    { ...webhook, outcome: 'webhook_not_accepted', state: 'failing', failingSince: at, next: null },
    {
      ...webhook,
      ...{ state: 'disabled', disabledAt: at, disabledReason: 'gone' },
      ...{ deliveries: [{ ...waiting, state: 'failed', nextAt: null, endedAt: at, lastError: 'HTTP_410' }] },
      ...{ deliveryState: 'failed', next: null },
    },
    {
      ...webhook,
      deliveries: [],
      next: null,
      errors: [{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }],
    },
    { ...webhook, errors: [{ code: 'PRECONDITION_FAILED' }] },
  ],
};
