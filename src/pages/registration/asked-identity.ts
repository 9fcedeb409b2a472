import { parsePersonName } from '../../domain/values/person-name.ts';
import { readBirthDate } from '../kit/birth-date.ts';
import { refuseIf, type Sent } from '../kit/form-errors.ts';
import type { FormError, FormField } from '../page-data/page-data.ts';
import type { AskedNationalId } from '../page-data/steps-data.ts';
import {
  type Identity,
  type IdentityRules,
  REQUIRED,
  readNationalId,
  typedIdentity,
} from './identity-form.ts';

/** The parts of a person's identity that a form asks for. The other parts are neither asked for nor read. */
export interface AskedParts {
  /** Title, first and last name. */
  name: boolean;
  birthDate: boolean;
  nationalId: AskedNationalId;
}

const NAME_FIELDS: readonly FormField[] = ['title', 'firstName', 'lastName'];

/**
 * Returns the requested parts of a new customer's identity. Throws `FormRefused` with all errors, in the order of the
 * fields.
 */
export function readAskedIdentity(
  form: Sent,
  rules: Omit<IdentityRules, 'nationalId'>,
  asked: AskedParts,
): Partial<Identity> {
  const typed = typedIdentity(form);
  const titleId = rules.titleIds.find((id) => String(id) === typed.title);
  const firstName = parsePersonName(typed.firstName);
  const lastName = parsePersonName(typed.lastName);
  const birthDate = readBirthDate(typed.birthDate, rules);
  const nationalId = readNationalId(typed, asked.nationalId);
  const found: readonly [FormField, FormError | undefined][] = [
    ['title', titleId === undefined ? { code: 'TITLE_MISSING' } : undefined],
    ['firstName', firstName === undefined ? { code: 'INVALID_NAME' } : undefined],
    ['lastName', lastName === undefined ? { code: 'INVALID_NAME' } : undefined],
    ['birthDate', 'wrong' in birthDate ? birthDate.wrong : undefined],
    ['thaiId', 'wrong' in nationalId ? { code: nationalId.wrong } : undefined],
  ];
  const isAsked = (field: FormField): boolean => {
    if (NAME_FIELDS.includes(field)) return asked.name;
    return field === 'birthDate' ? asked.birthDate : asked.nationalId !== 'off';
  };
  refuseIf(
    found.flatMap(([field, wrong]) => {
      if (!wrong || !isAsked(field)) return [];
      const empty = form[field]?.trim() ? undefined : REQUIRED.find((one) => one.field === field);
      return [{ field, ...(empty ? { code: empty.code } : wrong) }];
    }),
  );
  return {
    ...(asked.name && titleId && firstName && lastName ? { titleId, firstName, lastName } : {}),
    ...(asked.birthDate && 'value' in birthDate ? { birthDate: birthDate.value } : {}),
    ...('value' in nationalId ? { nationalId: nationalId.value } : {}),
  };
}
