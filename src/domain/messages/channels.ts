import type { Config } from '../../config/config.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Channel } from './message.ts';

/**
 * The channels that this process can send through. No feature is offered that needs another channel. Messages for such
 * a channel, such as notices, wait for a process that has it until they expire.
 */
export type Channels = ReadonlySet<Channel>;

const REFUSALS = { sms: 'SMS_UNAVAILABLE', mail: 'MAIL_UNAVAILABLE' } as const;

/**
 * Returns the channels that the settings provide. The outbox of development counts, because its messages are read
 * there.
 */
export function channelsOf({ smtpUrl, smsUrl, outbox }: Config['messages']): Channels {
  const channels = new Set<Channel>(['logout', 'revocation', 'ping']);
  if (smtpUrl || outbox) channels.add('mail');
  if (smsUrl || outbox) channels.add('sms');
  return channels;
}

/**
 * Must be called before a message is promised. Throws `SMS_UNAVAILABLE` or `MAIL_UNAVAILABLE`, regardless of the
 * recipient.
 */
export function requireChannel(channels: Channels, channel: 'mail' | 'sms'): void {
  if (!channels.has(channel)) throw new AppError(REFUSALS[channel]);
}
