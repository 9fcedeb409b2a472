import { isTrusted } from '../../accounts/account.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A code sent to a verified e-mail address; a first factor only if the deployment enables it. */
export const emailCodeMethod = {
  name: 'email-code',
  step: 'either',
  acr: 'urn:pratu:acr:email',
  amr: ['otp'],
  kinds: ['possession'],
  page: 'email',
  channel: 'mail',
  enrolled: (_, { contacts }) => contacts.some((contact) => contact.kind === 'email' && isTrusted(contact)),
} as const satisfies AuthenticationMethod;
