import type { WebhookType } from '../webhook-events/webhook-type.ts';

/** Personal data that requests to a webhook may contain. */
export const INCLUDES = ['contacts'] as const;
export type Include = (typeof INCLUDES)[number];

/** Why a webhook is disabled: its receiver responded 410, it failed for three days, or an operator disabled it. */
export type DisabledReason = 'gone' | 'failing' | 'operator';

export interface Webhook {
  id: string;
  url: string;
  events: readonly WebhookType[];
  include: readonly Include[];
  createdAt: Date;
  updatedAt: Date;
  /** The time of the first failed attempt since the last successful one. */
  failingSince: Date | null;
  disabledAt: Date | null;
  disabledReason: DisabledReason | null;
}

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event for one webhook. */
export interface Delivery {
  /** The header `webhook-id`. */
  id: string;
  webhookId: string;
  type: string;
  accountId: number | null;
  at: Date;
  state: DeliveryState;
  attempts: number;
  /** The status of the last response; null without one. */
  lastStatus: number | null;
  /** A short code of the last failure. */
  lastError: string | null;
  /** The time of the next attempt, while the delivery is waiting. */
  dueAt: Date;
  endedAt: Date | null;
}

/** The seconds from each failed attempt to the next; after the last of these attempts, the delivery has failed. */
export const RETRY_SECONDS = [5, 60, 600, 3600, 6 * 3600, 24 * 3600] as const;

/** The days of failures without a success after which a webhook is disabled. */
export const FAILING_DAYS = 3;

/** The limit of a whole request. */
export const TIMEOUT_MS = 3000;

/** The seconds for which a claimed delivery is hidden from other processes; an attempt must end well before. */
export const LEASE_SECONDS = 10;

/** The number of concurrent deliveries to one webhook by one process. */
export const CONCURRENCY = 5;

export const MOST_WEBHOOKS = 20;

export const WEBHOOK_STATES = ['active', 'failing', 'disabled'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

export function stateOf({
  disabledAt,
  failingSince,
}: Pick<Webhook, 'disabledAt' | 'failingSince'>): WebhookState {
  if (disabledAt !== null) return 'disabled';
  return failingSince === null ? 'active' : 'failing';
}

/** The number of webhooks in each state. */
export const countStates = (list: readonly Webhook[]): Record<WebhookState, number> => {
  const counted = { active: 0, failing: 0, disabled: 0 };
  for (const one of list) counted[stateOf(one)] += 1;
  return counted;
};
