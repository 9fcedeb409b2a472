import { type Account, type Contact, type ContactKind, isTrusted, mainContact } from '../accounts/account.ts';
import { maskEmail } from '../values/email.ts';
import { maskMobile } from '../values/mobile.ts';

/** Second factors that are codes sent to a contact, by their names in rows of authenticators. */
export const SENT_FACTORS = ['sms', 'email'] as const;
export type SentFactor = (typeof SENT_FACTORS)[number];

/** The channel of the code, the contact that it is sent to, and its authentication method. */
export const SENT: Readonly<
  Record<SentFactor, { channel: 'sms' | 'mail'; contact: ContactKind; method: 'code' | 'email-code' }>
> = {
  sms: { channel: 'sms', contact: 'mobile', method: 'code' },
  email: { channel: 'mail', contact: 'email', method: 'email-code' },
};

export const isSentFactor = (method: string): method is SentFactor =>
  (SENT_FACTORS as readonly string[]).includes(method);

/**
 * Returns the contact that a code is sent to. Once the factor is enabled, a contact that a recovery left unconfirmed
 * suffices. Otherwise a person who recovers an account by one contact would disable the factor that depends on another.
 */
export function receiverOf(
  account: Pick<Account, 'contacts'>,
  factor: SentFactor,
  { isOn }: { isOn: boolean },
): Contact | undefined {
  const contact = mainContact(account, SENT[factor].contact);
  return contact && (isOn ? contact.verified : isTrusted(contact)) ? contact : undefined;
}

/** Returns a contact as shown on a page before the sign-in is complete. */
export const maskContact = ({ kind, value }: Pick<Contact, 'kind' | 'value'>): string =>
  kind === 'mobile' ? maskMobile(value) : maskEmail(value);
