/** The types of events that a webhook can receive; docs/webhooks.md explains each. The values never change. */
export const WEBHOOK_TYPES = [
  'account.registered',
  'account.activated',
  'account.updated',
  'account.suspended',
  'account.reactivated',
  'account.deleted',
  'contact.verified',
  'contact.removed',
  'password.changed',
  'sign_in.succeeded',
  'sign_in.failed',
  'authenticator.added',
  'authenticator.removed',
  'binding.added',
  'binding.removed',
  'consent.granted',
  'consent.withdrawn',
  'client.changed',
  'operator.changed',
] as const;

export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** The event that an operator sends to test a receiver. Webhooks receive it without a subscription. */
export const TEST_TYPE = 'webhook.test';

export const isWebhookType = (text: unknown): text is WebhookType =>
  WEBHOOK_TYPES.some((type) => type === text);
