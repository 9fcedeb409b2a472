import { isTrusted } from '../../accounts/account.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A code that is sent to a verified e-mail address: a second factor. */
export const emailCodeMethod = {
  name: 'email-code',
  step: 'second',
  acr: 'urn:pratu:acr:email',
  amr: ['otp'],
  kinds: ['possession'],
  page: undefined,
  channel: 'mail',
  enrolled: (_, { contacts }) => contacts.some((contact) => contact.kind === 'email' && isTrusted(contact)),
} as const satisfies AuthenticationMethod;
