import { isTrusted } from '../../accounts/account.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A code that is sent to a verified mobile number. */
export const smsCodeMethod = {
  name: 'code',
  step: 'either',
  acr: 'urn:pratu:acr:sms',
  amr: ['otp', 'sms'],
  kinds: ['possession'],
  page: 'sms',
  channel: 'sms',
  enrolled: (_, { contacts }) => contacts.some((contact) => contact.kind === 'mobile' && isTrusted(contact)),
} as const satisfies AuthenticationMethod;
