import type { Middleware } from 'koa';
import { WEBHOOK_TYPES } from '../../domain/webhook-events/webhook-type.ts';
import { stateOf } from '../../domain/webhooks/webhook.ts';
import type { Webhooks } from '../../domain/webhooks/webhooks.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';
import { inWebhookForm, secretForm, typedWebhook, WEBHOOKS_PATH, webhookIn } from './webhook-form.ts';

interface Deps {
  webhooks: Pick<Webhooks, 'list' | 'create'>;
}

const SCOPE = 'admin:webhooks:write';

/** `/console/webhooks`: the receivers of events, in the order in which they were added. */
export const webhooksPage = (area: ConsoleArea, { webhooks }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/webhooks',
    path: WEBHOOKS_PATH,
    scope: SCOPE,
    outcomes: ['webhook_removed'],
    async load() {
      const list = await webhooks.list();
      return {
        webhooks: list.map((one) => ({ id: one.id, url: one.url, events: one.events, state: stateOf(one) })),
      };
    },
  });

/** `/console/new-webhook`: adds a webhook. Its secret is shown once, in the response. */
export const newWebhookPage = (area: ConsoleArea, { webhooks }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/webhooks-new',
    path: '/console/new-webhook',
    scope: SCOPE,
    load: async (_visit, sent) => ({ types: WEBHOOK_TYPES, typed: typedWebhook(sent) }),
    forms: [
      secretForm(area, {
        scope: SCOPE,
        status: 201,
        async submit(sent) {
          const { webhook, secret } = await inWebhookForm(() => webhooks.create(webhookIn(sent)));
          return { id: webhook.id, secret };
        },
      }),
    ],
  });
