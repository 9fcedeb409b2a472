import { type Account, type Contact, type ContactKind, isTrusted, mainContact } from '../accounts/account.ts';
import { maskEmail } from '../values/email.ts';
import { maskMobile } from '../values/mobile.ts';

/** Second factors that are codes sent to a contact, as rows of authenticators name them. */
export const SENT_FACTORS = ['sms', 'email'] as const;
export type SentFactor = (typeof SENT_FACTORS)[number];

/** What carries the code, where it goes to, and the authentication method that it is. */
export const SENT: Readonly<
  Record<SentFactor, { channel: 'sms' | 'mail'; contact: ContactKind; method: 'code' | 'email-code' }>
> = {
  sms: { channel: 'sms', contact: 'mobile', method: 'code' },
  email: { channel: 'mail', contact: 'email', method: 'email-code' },
};

export const isSentFactor = (method: string): method is SentFactor =>
  (SENT_FACTORS as readonly string[]).includes(method);

/**
 * The contact that a code goes to. Once the factor is on, a contact suffices that a recovery left unconfirmed:
 * otherwise anyone who recovers an account by one contact would turn off the factor that rests on another.
 */
export function receiverOf(
  account: Pick<Account, 'contacts'>,
  factor: SentFactor,
  { isOn }: { isOn: boolean },
): Contact | undefined {
  const contact = mainContact(account, SENT[factor].contact);
  return contact && (isOn ? contact.verified : isTrusted(contact)) ? contact : undefined;
}

/** A contact as a page tells of it before the sign-in is complete. */
export const maskContact = ({ kind, value }: Pick<Contact, 'kind' | 'value'>): string =>
  kind === 'mobile' ? maskMobile(value) : maskEmail(value);
