import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Account } from '../accounts/account.ts';
import { localeOf, readerOf } from '../accounts/notices.ts';
import type { MailMessage, SmsMessage } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';

type Told =
  | { kind: 'second-factor-recovery'; values: { until: string }; doneAt: Date }
  | { kind: 'second-factor-recovered'; values: Record<string, never> };

/**
 * Tells every verified contact of the account, and not only the main one of each kind: a person who has taken over
 * one of them must not be the only one to know. That includes contacts that wait to be confirmed after a recovery.
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
  for (const contact of account.contacts.filter(({ verified }) => verified)) {
    const to = contact.value;
    if (contact.kind === 'email')
      await outbox.add({ ...message, ...readerOf(account, contact), channel: 'mail', to } as MailMessage);
    else await outbox.add({ ...message, channel: 'sms', to } as SmsMessage);
  }
}
