import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/durations.ts';
import type { MailMessage, SmsMessage } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Account, Contact } from './account.ts';
import { localeOf, notify, readerOf } from './notices.ts';

type None = Record<string, never>;

/** A notice that goes to every verified contact. */
type Told =
  | { kind: 'second-factor-recovery'; values: { until: string }; doneAt: Date }
  | { kind: 'second-factor-recovered'; values: None }
  | { kind: 'account-unused'; values: { until: string } }
  | { kind: 'second-factor-changed'; values: None }
  | { kind: 'passkey-copied'; values: None }
  | { kind: 'new-sign-in'; values: None };

/** Told by SMS once an hour: anyone can change their own account again and again, and each SMS is paid for. */
const OFTEN = ['second-factor-changed', 'passkey-copied', 'new-sign-in'] as const;
const often = ({ kind }: Told) => OFTEN.find((one) => one === kind);

/**
 * Tells every verified contact of the account, and not only the main one of each kind: a person who has taken over
 * one of them must not be the only one to know. That includes contacts that wait to be confirmed after a recovery.
 * An account that has verified none is told as `notify` tells it.
 */
export async function tellEveryContact(
  { outbox }: { outbox: Outbox },
  account: Account,
  told: Told,
): Promise<void> {
  const message = {
    ...told,
    locale: localeOf(account),
    accountId: account.id,
    lifetimeSeconds: DAY_SECONDS,
  };
  const kind = often(told);
  const hour = Math.floor(Date.now() / 1000 / HOUR_SECONDS);
  const onceAnHour = ({ value }: Contact) =>
    kind === undefined ? {} : { dedupeKey: `${kind} ${account.id} ${value} ${hour}` };

  const verified = account.contacts.filter((contact) => contact.verified);
  if (verified.length === 0 && kind !== undefined) await notify({ outbox }, account, kind);
  for (const contact of verified) {
    const to = contact.value;
    if (contact.kind === 'email')
      await outbox.add({ ...message, ...readerOf(account, contact), channel: 'mail', to } as MailMessage);
    else await outbox.add({ ...message, ...onceAnHour(contact), channel: 'sms', to } as SmsMessage);
  }
}
