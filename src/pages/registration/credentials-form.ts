import type { PasswordPolicy } from '../../domain/credentials/password-policy.ts';
import type { NewCustomer } from '../../domain/registration/registration.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { emptyFields, refuseIf, type Sent } from '../kit/form-errors.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { Identity } from './identity-form.ts';

/** The details of a new customer from the second step. */
export type NewCredentials = Pick<NewCustomer, 'email' | 'password'>;

export interface CredentialsRules {
  /** E.164. */
  mobile: string;
  /** The password must not be a name or number of this person. */
  identity: Identity;
  policy: PasswordPolicy;
  /** Whether there are terms to accept. */
  terms: boolean;
  /** Whether a passkey may replace the password. */
  withoutPassword: boolean;
}

/**
 * Returns the e-mail and password of a new customer. Throws `FormRefused` with all errors, in the order of the
 * fields.
 */
export function readCredentials(
  form: Sent,
  { mobile, identity, policy, terms, withoutPassword }: CredentialsRules,
): NewCredentials {
  const typed = form.email?.trim() ?? '';
  const byPasskey = withoutPassword && form.method === 'passkey';
  const password = form.password ?? '';
  const email = typed === '' ? undefined : parseEmail(form.email ?? '');
  const { nationalId } = identity;
  const refused = byPasskey
    ? undefined
    : policy(password, {
        names: [identity.firstName, identity.lastName],
        emails: email ? [email.value] : [],
        mobiles: [mobile],
        ...(nationalId ? { nationalId } : {}),
      });

  const empty = emptyFields(form, [{ field: 'password', code: 'NEW_PASSWORD_MISSING' }]);
  const errors: FormError[] = [
    ...(typed !== '' && !email ? [{ field: 'email', code: 'INVALID_EMAIL' } as const] : []),
    ...(refused ? [empty[0] ?? ({ field: 'password', code: refused } as const)] : []),
    ...(terms && form.terms !== 'yes' ? [{ field: 'terms', code: 'TERMS_NOT_ACCEPTED' } as const] : []),
  ];
  refuseIf(errors);
  return { email, password: byPasskey ? undefined : password };
}
