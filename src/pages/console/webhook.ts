import type { Middleware } from 'koa';
import { WEBHOOK_TYPES } from '../../domain/webhook-events/webhook-type.ts';
import type { Deliveries } from '../../domain/webhooks/deliveries.ts';
import { DELIVERY_STATES, type Delivery, stateOf, type Webhook } from '../../domain/webhooks/webhook.ts';
import { versionOf, type Webhooks } from '../../domain/webhooks/webhooks.ts';
import { AppError } from '../../errors/app-error.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import { FormRefused } from '../kit/form-errors.ts';
import type { ShownDelivery } from '../page-data/console-webhooks-data.ts';
import { type Moment, momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage, type Visit, withOutcome } from './console-page.ts';
import {
  inWebhookForm,
  secretForm,
  storedWebhook,
  toWebhook,
  typedWebhook,
  WEBHOOKS_PATH,
  webhookIn,
} from './webhook-form.ts';

interface Deps {
  webhooks: Webhooks;
  webhookDeliveries: Pick<Deliveries, 'test'>;
  timeZone: string;
}

const SCOPE = 'admin:webhooks:write';
const PATH = `${WEBHOOKS_PATH}/:id`;
const ON_PAGE = 20;

const shownDelivery = (delivery: Delivery, written: (time: Date) => Moment): ShownDelivery => ({
  id: delivery.id,
  type: delivery.type,
  state: delivery.state,
  accountId: delivery.accountId,
  at: written(delivery.at),
  nextAt: delivery.state === 'waiting' ? written(delivery.dueAt) : null,
  endedAt: delivery.endedAt && written(delivery.endedAt),
  attempts: delivery.attempts,
  lastError: delivery.lastError,
});

/**
 * `/console/webhooks/:id`: one webhook and its deliveries. A change is saved only if the webhook has not been changed
 * in the meantime.
 */
export function webhookPage(area: ConsoleArea, { webhooks, webhookDeliveries, timeZone }: Deps): Middleware {
  const written = momentWriter(timeZone);
  const found = ({ params }: Visit): Promise<Webhook> => webhooks.find(params.id ?? '');

  return consolePage(area, {
    name: 'console/webhook',
    path: PATH,
    scope: SCOPE,
    outcomes: [
      'webhook_changed',
      'webhook_enabled',
      'webhook_disabled',
      'webhook_accepted',
      'webhook_not_accepted',
      'webhook_redelivered',
    ],
    async load(visit, sent) {
      const webhook = await found(visit);
      const { id, url, failingSince, disabledAt, disabledReason } = webhook;
      const state = DELIVERY_STATES.find((one) => one === visit.query.state);
      const page = { limit: ON_PAGE, after: visit.query.after || undefined };
      const { data, next } = await webhooks.deliveries(id, state, page);
      const more = new URLSearchParams({ ...(state ? { state } : {}), after: next ?? '' });
      return {
        ...{ id, url, disabledReason },
        state: stateOf(webhook),
        failingSince: failingSince && written(failingSince),
        disabledAt: disabledAt && written(disabledAt),
        types: WEBHOOK_TYPES,
        typed: sent?.webhookUrl === undefined ? storedWebhook(webhook) : typedWebhook(sent),
        version: sent?.version ?? versionOf(webhook),
        deliveries: data.map((delivery) => shownDelivery(delivery, written)),
        deliveryState: state ?? null,
        next: next === null ? null : `?${more}`,
      };
    },
    forms: [
      {
        action: PATH,
        scope: SCOPE,
        async submit(sent, visit) {
          const { id } = await found(visit);
          const check = (version: string): void => {
            if (version !== sent.version) throw new AppError('PRECONDITION_FAILED');
          };
          await inWebhookForm(() => webhooks.change(id, webhookIn(sent), check));
          return toWebhook(id, 'webhook_changed');
        },
      },
      {
        action: `${PATH}/switch`,
        scope: SCOPE,
        async submit({ enabled }, visit) {
          const { id } = await found(visit);
          await webhooks.change(id, { enabled: enabled === 'true' });
          return toWebhook(id, enabled === 'true' ? 'webhook_enabled' : 'webhook_disabled');
        },
      },
      {
        action: `${PATH}/test`,
        scope: SCOPE,
        async submit(_sent, visit) {
          const { id } = await found(visit);
          const { state } = await webhookDeliveries.test(id);
          return toWebhook(id, state === 'delivered' ? 'webhook_accepted' : 'webhook_not_accepted');
        },
      },
      {
        action: `${PATH}/redeliver`,
        scope: SCOPE,
        async submit({ delivery = '' }, visit) {
          const { id } = await found(visit);
          await inWebhookForm(() => webhooks.redeliver(id, delivery));
          return toWebhook(id, 'webhook_redelivered');
        },
      },
      secretForm(area, {
        action: `${PATH}/rotate`,
        scope: SCOPE,
        destructive: true,
        status: 200,
        async submit({ keep }, visit) {
          const { id } = await found(visit);
          return { id, secret: await webhooks.rotateSecret(id, keep === 'none' ? 0 : DAY_SECONDS) };
        },
      }),
      {
        action: `${PATH}/remove`,
        scope: SCOPE,
        destructive: true,
        async submit({ confirmation = '' }, visit) {
          const { id, url } = await found(visit);
          if (confirmation.trim() !== new URL(url).host)
            throw new FormRefused([{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }]);
          await webhooks.remove(id);
          return withOutcome(WEBHOOKS_PATH, 'webhook_removed');
        },
      },
    ],
  });
}
