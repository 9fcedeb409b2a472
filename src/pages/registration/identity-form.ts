import type { NewCustomer } from '../../domain/registration/registration.ts';
import { parseNationalId } from '../../domain/values/national-id.ts';
import { parsePersonName } from '../../domain/values/person-name.ts';
import { readBirthDate } from '../kit/birth-date.ts';
import { emptyFields, FormRefused, type Sent } from '../kit/form-errors.ts';
import type { FormError, FormField } from '../page-data/page-data.ts';
import type { AskedNationalId, TypedIdentity } from '../page-data/steps-data.ts';

/** The details of a new customer from the first step. */
export type Identity = Pick<NewCustomer, 'titleId' | 'firstName' | 'lastName' | 'birthDate' | 'nationalId'>;

export interface IdentityRules {
  titleIds: readonly number[];
  today: Date;
  timeZone: string;
  nationalId: AskedNationalId;
}

export const REQUIRED = [
  { field: 'title', code: 'TITLE_MISSING' },
  { field: 'firstName', code: 'FIRST_NAME_MISSING' },
  { field: 'lastName', code: 'LAST_NAME_MISSING' },
  { field: 'birthDate', code: 'BIRTH_DATE_MISSING' },
] as const;

export const IDENTITY_FIELDS: readonly FormField[] = [...REQUIRED.map(({ field }) => field), 'thaiId'];

/** The values as typed, to be shown again. */
export const typedIdentity = (form: Sent = {}): TypedIdentity => ({
  title: form.title ?? '',
  firstName: form.firstName ?? '',
  lastName: form.lastName ?? '',
  birthDate: form.birthDate ?? '',
  thaiId: form.thaiId ?? '',
  noThaiId: form.noThaiId === 'yes' ? 'yes' : '',
});

/** The 13 digits, grouped as on the identity card. */
const grouped = (nationalId: string): string =>
  nationalId.replace(/^(\d)(\d{4})(\d{5})(\d{2})(\d)$/, '$1-$2-$3-$4-$5');

/** The form that corresponds to an identity. */
export const identityForm = ({ titleId, nationalId, ...identity }: Identity): TypedIdentity => ({
  ...identity,
  title: String(titleId),
  thaiId: nationalId === undefined ? '' : grouped(nationalId),
  noThaiId: nationalId === undefined ? 'yes' : '',
});

/** Returns the number. Undefined where none is requested, or where the person states that there is none. */
export function readNationalId(
  { thaiId, noThaiId }: TypedIdentity,
  asked: AskedNationalId,
): { value: string | undefined } | { wrong: FormError['code'] } {
  if (asked === 'off' || (asked === 'optional' && noThaiId === 'yes')) return { value: undefined };
  if (thaiId.trim() === '')
    return { wrong: asked === 'optional' ? 'NATIONAL_ID_OR_NONE' : 'NATIONAL_ID_MISSING' };
  const value = parseNationalId(thaiId);
  return value === undefined ? { wrong: 'INVALID_NATIONAL_ID' } : { value };
}

/** Returns the identity of a new customer. Throws `FormRefused` with all errors, in the order of the fields. */
export function readIdentity(form: Sent, rules: IdentityRules): Identity {
  const typed = typedIdentity(form);
  const titleId = rules.titleIds.find((id) => String(id) === typed.title);
  const firstName = parsePersonName(typed.firstName);
  const lastName = parsePersonName(typed.lastName);
  const birthDate = readBirthDate(typed.birthDate, rules);
  const nationalId = readNationalId(typed, rules.nationalId);

  const empty = emptyFields(form, REQUIRED);
  const wrong: FormError[] = [
    ...(titleId === undefined ? [{ field: 'title', code: 'TITLE_MISSING' } as const] : []),
    ...(firstName === undefined ? [{ field: 'firstName', code: 'INVALID_NAME' } as const] : []),
    ...(lastName === undefined ? [{ field: 'lastName', code: 'INVALID_NAME' } as const] : []),
    ...('wrong' in birthDate ? [{ field: 'birthDate', ...birthDate.wrong } as const] : []),
    ...('wrong' in nationalId ? [{ field: 'thaiId', code: nationalId.wrong } as const] : []),
  ];
  const errors = wrong.map((error) => empty.find(({ field }) => field === error.field) ?? error);
  if (!titleId || !firstName || !lastName || 'wrong' in birthDate || 'wrong' in nationalId)
    throw new FormRefused(errors);
  return { titleId, firstName, lastName, birthDate: birthDate.value, nationalId: nationalId.value };
}
