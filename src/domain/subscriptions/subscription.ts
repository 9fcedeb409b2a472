/** The channels by which a topic can be sent. */
export const SUBSCRIPTION_CHANNELS = ['mail', 'sms'] as const;

export type SubscriptionChannel = (typeof SUBSCRIPTION_CHANNELS)[number];

/** A topic that an account has subscribed to; without a channel, it is sent by any channel that reaches the account. */
export interface Subscription {
  /** A value of the setting `selfService.topics`. */
  topic: string;
  channel: SubscriptionChannel | null;
}

const nameOf = ({ topic, channel }: Subscription): string => `${topic} ${channel ?? ''}`;

/** Without duplicates, in order of first occurrence. */
export const distinct = (list: readonly Subscription[]): Subscription[] => [
  ...new Map(list.map((one) => [nameOf(one), one])).values(),
];

/** Whether two lists contain the same subscriptions, in any order. */
export function sameSubscriptions(one: readonly Subscription[], other: readonly Subscription[]): boolean {
  const names = new Set(one.map(nameOf));
  const others = new Set(other.map(nameOf));
  return names.size === others.size && [...names].every((name) => others.has(name));
}
