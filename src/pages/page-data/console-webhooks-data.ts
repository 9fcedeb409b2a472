import type { WebhookType } from '../../domain/webhook-events/webhook-type.ts';
import type { DeliveryState, DisabledReason, WebhookState } from '../../domain/webhooks/webhook.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type { Moment } from './moment.ts';

interface ShownWebhook {
  id: string;
  url: string;
  state: WebhookState;
}

/** The fields of a webhook's form. */
export interface WebhookFields {
  webhookUrl: string;
  events: readonly string[];
  contacts: boolean;
}

interface WebhookForm extends ConsoleFrame {
  /** All types of events. */
  types: readonly WebhookType[];
  typed: WebhookFields;
}

export interface ConsoleWebhooksData extends ConsoleFrame {
  webhooks: readonly (ShownWebhook & { events: readonly WebhookType[] })[];
}

export type ConsoleWebhookNewData = WebhookForm;

export interface ShownDelivery {
  id: string;
  type: string;
  state: DeliveryState;
  accountId: number | null;
  at: Moment;
  /** The time of the next attempt. */
  nextAt: Moment | null;
  endedAt: Moment | null;
  attempts: number;
  /** A short code. */
  lastError: string | null;
}

export interface ConsoleWebhookData extends WebhookForm, ShownWebhook {
  failingSince: Moment | null;
  disabledAt: Moment | null;
  disabledReason: DisabledReason | null;
  /** The version of the webhook from which the form was created. */
  version: string;
  deliveries: readonly ShownDelivery[];
  /** The state of the listed deliveries. Null for all states. */
  deliveryState: DeliveryState | null;
  next: string | null;
}

export interface ConsoleWebhookSecretData extends ConsoleFrame {
  id: string;
  /** Shown once. */
  secret: string;
}
