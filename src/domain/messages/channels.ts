import type { Config } from '../../config/config.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Channel } from './message.ts';

/**
 * The channels that this process can send by. Nothing is offered by any other; its messages, such as notices, wait
 * for a process that has it until they are useless.
 */
export type Channels = ReadonlySet<Channel>;

const REFUSALS = { sms: 'SMS_UNAVAILABLE', mail: 'MAIL_UNAVAILABLE' } as const;

/** What the settings give: development's outbox counts, as its messages are read there. */
export function channelsOf({ smtpUrl, smsUrl, outbox }: Config['messages']): Channels {
  const channels = new Set<Channel>(['logout', 'revocation', 'ping']);
  if (smtpUrl || outbox) channels.add('mail');
  if (smsUrl || outbox) channels.add('sms');
  return channels;
}

/**
 * To be called before anything is promised. Throws `SMS_UNAVAILABLE` or `MAIL_UNAVAILABLE`, regardless of who is to
 * be written to.
 */
export function requireChannel(channels: Channels, channel: 'mail' | 'sms'): void {
  if (!channels.has(channel)) throw new AppError(REFUSALS[channel]);
}
