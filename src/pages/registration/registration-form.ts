import type { PasswordPolicy } from '../../domain/credentials/password-policy.ts';
import type { NewCustomer } from '../../domain/registration/registration.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { parseNationalId } from '../../domain/values/national-id.ts';
import { parsePersonName } from '../../domain/values/person-name.ts';
import { readBirthDate } from '../kit/birth-date.ts';
import { emptyFields } from '../kit/form-failure.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { TypedPerson } from '../page-data/steps-data.ts';

type Fields = Readonly<Record<string, string>>;

/** What of a new customer the form tells. */
export type FormPerson = Pick<
  NewCustomer,
  'nationalId' | 'email' | 'password' | 'firstName' | 'lastName' | 'birthDate' | 'titleId'
>;

export interface FormRules {
  /** E.164. */
  mobile: string;
  titleIds: readonly number[];
  today: Date;
  timeZone: string;
  policy: PasswordPolicy;
  /** Whether there are terms to accept. */
  terms: boolean;
}

const REQUIRED = [
  { field: 'title', code: 'TITLE_MISSING' },
  { field: 'firstName', code: 'FIRST_NAME_MISSING' },
  { field: 'lastName', code: 'LAST_NAME_MISSING' },
  { field: 'birthDate', code: 'BIRTH_DATE_MISSING' },
  { field: 'thaiId', code: 'NATIONAL_ID_MISSING' },
  { field: 'password', code: 'NEW_PASSWORD_MISSING' },
] as const;

/** As typed, to be shown again; never the password. */
export const typedPerson = (form: Fields = {}): TypedPerson => ({
  title: form.title ?? '',
  firstName: form.firstName ?? '',
  lastName: form.lastName ?? '',
  birthDate: form.birthDate ?? '',
  thaiId: form.thaiId ?? '',
  email: form.email ?? '',
});

/** A new customer out of the form, or everything that is wrong with it, in the order of its fields. */
export function readPerson(form: Fields, rules: FormRules): { person: FormPerson } | { errors: FormError[] } {
  const typed = typedPerson(form);
  const password = form.password ?? '';
  const titleId = rules.titleIds.find((id) => String(id) === typed.title);
  const firstName = parsePersonName(typed.firstName);
  const lastName = parsePersonName(typed.lastName);
  const birthDate = readBirthDate(typed.birthDate, rules);
  const nationalId = parseNationalId(typed.thaiId);
  const email = typed.email.trim() === '' ? undefined : parseEmail(typed.email);
  const refused = rules.policy(password, {
    names: [firstName, lastName].filter((name) => name !== undefined),
    emails: email ? [email.value] : [],
    mobiles: [rules.mobile],
    ...(nationalId ? { nationalId } : {}),
  });

  const empty = emptyFields(form, REQUIRED);
  const wrong: FormError[] = [
    ...(titleId === undefined ? [{ field: 'title', code: 'TITLE_MISSING' } as const] : []),
    ...(firstName === undefined ? [{ field: 'firstName', code: 'INVALID_NAME' } as const] : []),
    ...(lastName === undefined ? [{ field: 'lastName', code: 'INVALID_NAME' } as const] : []),
    ...('wrong' in birthDate ? [{ field: 'birthDate', ...birthDate.wrong } as const] : []),
    ...(nationalId === undefined ? [{ field: 'thaiId', code: 'INVALID_NATIONAL_ID' } as const] : []),
    ...(typed.email.trim() !== '' && !email ? [{ field: 'email', code: 'INVALID_EMAIL' } as const] : []),
    ...(refused ? [{ field: 'password', code: refused } as const] : []),
    ...(rules.terms && form.terms !== 'yes' ? [{ field: 'terms', code: 'TERMS_NOT_ACCEPTED' } as const] : []),
  ];
  const errors = wrong.map((error) => empty.find(({ field }) => field === error.field) ?? error);
  if (errors.length > 0 || !titleId || !firstName || !lastName || !nationalId || 'wrong' in birthDate)
    return { errors };
  const { value } = birthDate;
  return { person: { titleId, firstName, lastName, birthDate: value, nationalId, email, password } };
}
