/** The ways that a topic can be sent. */
export const SUBSCRIPTION_CHANNELS = ['mail', 'sms'] as const;

export type SubscriptionChannel = (typeof SUBSCRIPTION_CHANNELS)[number];

/** A topic that an account wants to hear of; without a channel, by whatever it can be reached. */
export interface Subscription {
  /** One of the setting `selfService.topics`. */
  topic: string;
  channel: SubscriptionChannel | null;
}

const nameOf = ({ topic, channel }: Subscription): string => `${topic} ${channel ?? ''}`;

/** Each once, in the order of their first mention. */
export const distinct = (list: readonly Subscription[]): Subscription[] => [
  ...new Map(list.map((one) => [nameOf(one), one])).values(),
];

/** Whether two lists name the same, in any order. */
export function sameSubscriptions(one: readonly Subscription[], other: readonly Subscription[]): boolean {
  const names = new Set(one.map(nameOf));
  const others = new Set(other.map(nameOf));
  return names.size === others.size && [...names].every((name) => others.has(name));
}
