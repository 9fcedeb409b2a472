import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Locale, MailMessage, Reading, TrustedAddress } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import { type Account, type Contact, isTrusted, mainContact } from './account.ts';

type NoticeKind = Extract<
  MailMessage['kind'],
  | 'mobile-released'
  | 'national-id-released'
  | 'mobile-changed'
  | 'mobile-removed'
  | 'password-changed'
  | 'second-factor-changed'
  | 'passkey-copied'
  | 'new-sign-in'
  | 'second-factor-recovery-cancelled'
  | 'sign-in-linked'
  | 'signed-out-everywhere'
  | 'webhook-disabled'
>;
type Values<Kind extends NoticeKind> = Extract<MailMessage, { kind: Kind }>['values'];

/** The language of messages to a person: the one that they chose, otherwise Thai. */
export const localeOf = ({ profile }: Account): Locale => profile.locale?.split('-', 1)[0] || 'th';

/**
 * The only way to obtain an address to which other contacts of the account may be disclosed. Returns undefined for a
 * contact that is not trusted.
 */
export const trustedAddress = (contact: Contact): TrustedAddress | undefined =>
  isTrusted(contact) ? (contact.value as TrustedAddress) : undefined;

/** The name for the greeting, if the reader of the contact is presumed to be the owner. */
export const readerOf = ({ profile }: Account, contact: Contact): Pick<Reading, 'owner'> =>
  isTrusted(contact) ? { owner: { firstName: profile.firstName } } : {};

const NAMING_CONTACTS: ReadonlySet<NoticeKind> = new Set([
  'mobile-released',
  'mobile-changed',
  'mobile-removed',
]);

/**
 * Notifies the owner by mail of a change to the account, if the account has an address. For an address that is not
 * trusted, a notice that names contacts is replaced by one that only states that contacts have changed.
 */
export async function notify<Kind extends NoticeKind>(
  { outbox }: { outbox: Outbox },
  account: Account,
  kind: Kind,
  values: Values<Kind> = {} as Values<Kind>,
): Promise<void> {
  const email = mainContact(account, 'email');
  if (!email) return;
  const told =
    NAMING_CONTACTS.has(kind) && !isTrusted(email)
      ? { kind: 'contacts-changed', values: {} }
      : { kind, values };
  await outbox.add({
    channel: 'mail',
    ...told,
    ...readerOf(account, email),
    to: email.value,
    locale: localeOf(account),
    accountId: account.id,
    lifetimeSeconds: DAY_SECONDS,
  } as MailMessage);
}
