import type { Locale, MailMessage } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import { type Account, mainContact } from './account.ts';

const DAY_SECONDS = 86_400;

type NoticeKind = Extract<
  MailMessage['kind'],
  | 'mobile-released'
  | 'national-id-released'
  | 'mobile-changed'
  | 'mobile-removed'
  | 'password-changed'
  | 'signed-out-everywhere'
>;
type Values<Kind extends NoticeKind> = Extract<MailMessage, { kind: Kind }>['values'];

/** The language that a person is written to in: their own choice, then Thai. */
export const localeOf = ({ profile }: Account): Locale => (profile.locale?.startsWith('en') ? 'en' : 'th');

/** Tells the owner by mail, where there is an address, what happened to the account. */
export async function notify<Kind extends NoticeKind>(
  { outbox }: { outbox: Outbox },
  account: Account,
  kind: Kind,
  values: Values<Kind> = {} as Values<Kind>,
): Promise<void> {
  const email = mainContact(account, 'email');
  if (!email) return;
  await outbox.add({
    channel: 'mail',
    kind,
    values,
    to: email.value,
    locale: localeOf(account),
    accountId: account.id,
    lifetimeSeconds: DAY_SECONDS,
  } as MailMessage);
}
