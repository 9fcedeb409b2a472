import { pageOfAll } from '../../domain/values/cursor.ts';
import type { Deliveries } from '../../domain/webhooks/deliveries.ts';
import { DELIVERY_STATES, type Delivery, stateOf, type Webhook } from '../../domain/webhooks/webhook.ts';
import { versionOf, type Webhooks } from '../../domain/webhooks/webhooks.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { RequestParts } from '../api.ts';
import { type Described, noContent, ok, pageIn, precondition, textIn } from './operation.ts';

export interface WebhooksDeps {
  webhooks: Webhooks;
  webhookDeliveries: Pick<Deliveries, 'test'>;
}

const PATH = '/admin/v1/webhooks';

const idIn = ({ params }: RequestParts): string => params.id ?? '';
const given = ({ body }: RequestParts) => (body ?? {}) as Readonly<Record<string, unknown>>;

const body = (webhook: Webhook) => ({
  id: webhook.id,
  url: webhook.url,
  events: webhook.events,
  include: webhook.include,
  enabled: webhook.disabledAt === null,
  state: stateOf(webhook),
  failing_since: webhook.failingSince,
  disabled_at: webhook.disabledAt,
  disabled_reason: webhook.disabledReason,
  created_at: webhook.createdAt,
  updated_at: webhook.updatedAt,
});

const deliveryBody = (delivery: Delivery) => ({
  id: delivery.id,
  type: delivery.type,
  account_id: delivery.accountId === null ? null : String(delivery.accountId),
  at: delivery.at,
  state: delivery.state,
  attempts: delivery.attempts,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  next_attempt_at: delivery.state === 'waiting' ? delivery.dueAt : null,
  ended_at: delivery.endedAt,
});

/** Returns a key that sorts webhooks in the order in which they were added. */
const keyOf = ({ createdAt, id }: Webhook): string => `${createdAt.toISOString()} ${id}`;

export const webhookOperations = ({ webhooks, webhookDeliveries }: WebhooksDeps): Described[] => [
  {
    id: 'listWebhooks',
    method: 'get',
    path: PATH,
    async run({ query }) {
      const { data, next } = pageOfAll('webhooks', await webhooks.list(), pageIn(query), keyOf);
      return ok({ data: data.map(body), next });
    },
  },
  {
    id: 'createWebhook',
    method: 'post',
    path: PATH,
    hasBody: true,
    async run(parts) {
      const { webhook, secret } = await webhooks.create(given(parts));
      return {
        status: 201,
        body: { ...body(webhook), secret },
        etag: versionOf(webhook),
        location: `${PATH}/${webhook.id}`,
      };
    },
  },
  {
    id: 'showWebhook',
    method: 'get',
    path: `${PATH}/:id`,
    async run(parts) {
      const webhook = await webhooks.find(idIn(parts));
      return ok(body(webhook), versionOf(webhook));
    },
  },
  {
    id: 'changeWebhook',
    method: 'patch',
    path: `${PATH}/:id`,
    hasBody: true,
    async run(parts, ctx) {
      const webhook = await webhooks.change(idIn(parts), given(parts), precondition(ctx));
      return ok(body(webhook), versionOf(webhook));
    },
  },
  {
    id: 'removeWebhook',
    method: 'delete',
    path: `${PATH}/:id`,
    async run(parts, ctx) {
      await webhooks.remove(idIn(parts), precondition(ctx));
      return noContent;
    },
  },
  {
    id: 'testWebhook',
    method: 'post',
    path: `${PATH}/:id/test`,
    run: async (parts) => ok(deliveryBody(await webhookDeliveries.test(idIn(parts)))),
  },
  {
    id: 'rotateWebhookSecret',
    method: 'post',
    path: `${PATH}/:id/rotate-secret`,
    hasBody: true,
    async run(parts) {
      const { keep_seconds: keep = DAY_SECONDS } = given(parts) as { keep_seconds?: number };
      return ok({ secret: await webhooks.rotateSecret(idIn(parts), keep) });
    },
  },
  {
    id: 'listWebhookDeliveries',
    method: 'get',
    path: `${PATH}/:id/deliveries`,
    async run(parts) {
      const state = DELIVERY_STATES.find((one) => one === textIn(parts, 'state'));
      const { data, next } = await webhooks.deliveries(idIn(parts), state, pageIn(parts.query));
      return ok({ data: data.map(deliveryBody), next });
    },
  },
  {
    id: 'redeliverWebhookDelivery',
    method: 'post',
    path: `${PATH}/:id/deliveries/:delivery/redeliver`,
    run: async (parts) =>
      ok(deliveryBody(await webhooks.redeliver(idIn(parts), parts.params.delivery ?? ''))),
  },
];
