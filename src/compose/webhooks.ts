import { consoleOrigin } from '../config/console-origin.ts';
import { type Deliveries, deliveries } from '../domain/webhooks/deliveries.ts';
import { type Webhooks, webhooks } from '../domain/webhooks/webhooks.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';

/** The delivery of events to other systems. */
export interface ComposedWebhooks {
  webhooks: Webhooks;
  webhookDeliveries: Deliveries;
}

export const composeWebhooks = (
  { config, db, keyring, clock, webhookCalls }: Foundation,
  { accountsIn, outboxIn }: Pick<Facts, 'accountsIn' | 'outboxIn'>,
): ComposedWebhooks => ({
  webhooks: webhooks({ db, keyring, environment: config.environment, checkUrl: webhookCalls.check }),
  webhookDeliveries: deliveries({
    ...{ db, keyring, clock, accountsIn, outboxIn },
    fetch: webhookCalls.fetch,
    pageOf: (id) => `${consoleOrigin(config)}/console/webhooks/${id}`,
  }),
});
