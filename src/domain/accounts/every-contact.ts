import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/durations.ts';
import type { MailMessage, SmsMessage } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Account, Contact } from './account.ts';
import { localeOf, notify, readerOf } from './notices.ts';

type None = Record<string, never>;

/** A notice that is sent to every verified contact. */
type Told =
  | { kind: 'second-factor-recovery'; values: { until: string }; doneAt: Date }
  | { kind: 'second-factor-recovered'; values: None }
  | { kind: 'account-unused'; values: { until: string } }
  | { kind: 'second-factor-changed'; values: None }
  | { kind: 'passkey-copied'; values: None }
  | { kind: 'new-sign-in'; values: None };

/**
 * Sent by SMS at most once per hour and contact: people can change their own account repeatedly, and each SMS costs
 * money.
 */
const OFTEN = ['second-factor-changed', 'passkey-copied', 'new-sign-in'] as const;
const often = ({ kind }: Told) => OFTEN.find((one) => one === kind);

/**
 * Notifies every verified contact of the account, not only the main one of each kind: an attacker who has taken over
 * one contact must not be the only person informed. This includes contacts that are unconfirmed after a recovery. An
 * account without a verified contact receives the notices in `OFTEN` through `notify`, and no others.
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
