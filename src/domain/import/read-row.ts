import type { ErrorCode } from '../../errors/catalogue.ts';
import type { PasswordHasher } from '../../lib/passwords/password-hasher.ts';
import type { Title } from '../accounts/account.ts';
import { isBirthDate } from '../values/birth-date.ts';
import { parseEmail } from '../values/email.ts';
import { parseExternalId } from '../values/external-id.ts';
import { clientLocale, type Locale } from '../values/locale.ts';
import { parseMobile } from '../values/mobile.ts';
import { parseNationalId } from '../values/national-id.ts';
import { parsePersonName } from '../values/person-name.ts';
import { type PUBLIC_TEXTS, parseText, TEXT_PROBLEMS } from '../values/profile-texts.ts';
import type { ImportedBinding, ImportRow, RowError } from './import-row.ts';

/** The settings for reading rows. */
export interface RowSettings {
  /** ISO 3166-1 codes of the countries whose mobile numbers are accepted. */
  countries: readonly string[];
  now: Date;
  timeZone: string;
  titles: readonly Title[];
  adopt: PasswordHasher['adopt'];
  locales?: readonly Locale[];
}

/** Reads a member. Returns the part of the row that it sets, or its errors. */
type Read = (value: unknown, settings: RowSettings) => Partial<ImportRow> | ErrorCode | RowError[];

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const PROVIDER = /^[!-~]{1,100}$/;
const MAX_BINDINGS = 20;
const STATUSES: readonly unknown[] = ['active', 'suspended', 'pending'] satisfies ImportRow['status'][];

/** Reads a member that is a text with `parse`. */
const text =
  <Name extends keyof ImportRow>(
    name: Name,
    code: ErrorCode,
    parse: (value: string, settings: RowSettings) => ImportRow[Name] | undefined,
  ): Read =>
  (value, settings) => {
    const parsed = typeof value === 'string' ? parse(value, settings) : undefined;
    return parsed === undefined ? code : { [name]: parsed };
  };

/** Treats an empty text as absent, like null. */
const profileText =
  (member: (typeof PUBLIC_TEXTS)[number]): Read =>
  (value) => {
    const parsed = typeof value === 'string' ? parseText(member, value) : undefined;
    if (parsed === undefined) return TEXT_PROBLEMS[member];
    return parsed === null ? {} : { [member]: parsed };
  };

const flag =
  (name: 'mobileVerified' | 'emailVerified'): Read =>
  (value) =>
    typeof value === 'boolean' ? { [name]: value } : 'INVALID_VALUE';

const HASH_PROBLEMS = {
  unreadable: 'INVALID_PASSWORD_HASH',
  too_expensive: 'PASSWORD_HASH_TOO_EXPENSIVE',
  not_configured: 'PASSWORD_HASH_NOT_CONFIGURED',
} as const;

const passwordHash: Read = (value, { adopt }) => {
  if (typeof value !== 'string') return 'INVALID_PASSWORD_HASH';
  const adopted = adopt(value);
  return 'hash' in adopted ? { passwordHash: adopted.hash } : HASH_PROBLEMS[adopted.problem];
};

const bindings: Read = (value) => {
  if (!Array.isArray(value) || value.length > MAX_BINDINGS) return 'INVALID_VALUE';
  const read: ImportedBinding[] = [];
  const errors: RowError[] = [];
  for (const [index, item] of value.entries()) {
    const { provider, external_id: id } = (item ?? {}) as Record<string, unknown>;
    const pointer = `/bindings/${index}`;
    const isRepeated = read.some((one) => one.provider === provider);
    const externalId = typeof id === 'string' ? parseExternalId(id) : undefined;
    if (typeof provider !== 'string' || !PROVIDER.test(provider) || isRepeated)
      errors.push({ pointer: `${pointer}/provider`, code: 'INVALID_VALUE' });
    else if (externalId === undefined)
      errors.push({ pointer: `${pointer}/external_id`, code: 'INVALID_EXTERNAL_ID' });
    else read.push({ provider, externalId });
  }
  return errors.length > 0 ? errors : { bindings: read };
};

function pastTime(value: string, now: Date): string | undefined {
  const time = RFC_3339.test(value) ? new Date(value) : undefined;
  return time && time <= now && time.getUTCFullYear() >= 1900 ? time.toISOString() : undefined;
}

const MEMBERS = new Map<string, Read>([
  ['external_id', text('externalId', 'INVALID_EXTERNAL_ID', parseExternalId)],
  ['mobile', text('mobile', 'INVALID_MOBILE', (value, { countries }) => parseMobile(value, { countries }))],
  ['mobile_verified', flag('mobileVerified')],
  ['email', text('email', 'INVALID_EMAIL', parseEmail)],
  ['email_verified', flag('emailVerified')],
  ['given_name', text('firstName', 'INVALID_NAME', parsePersonName)],
  ['family_name', text('lastName', 'INVALID_NAME', parsePersonName)],
  ['middle_name', profileText('middleName')],
  ['nickname', profileText('nickname')],
  ['preferred_username', profileText('preferredUsername')],
  ['profile', profileText('profileUri')],
  ['website', profileText('websiteUri')],
  [
    'birthdate',
    text('birthDate', 'INVALID_BIRTH_DATE', (value, { now, timeZone }) =>
      isBirthDate(value, now, timeZone) ? value : undefined,
    ),
  ],
  [
    'gender',
    text('gender', 'INVALID_VALUE', (value) =>
      value === 'male' || value === 'female' ? (value.toUpperCase() as Title['gender']) : undefined,
    ),
  ],
  [
    'title_id',
    (value, { titles }) => {
      const title = titles.find(({ id }) => id === value);
      return title ? { titleId: title.id } : 'INVALID_VALUE';
    },
  ],
  ['thai_id', text('nationalId', 'INVALID_NATIONAL_ID', parseNationalId)],
  ['locale', text('locale', 'INVALID_VALUE', (tag, { locales }) => clientLocale(tag, locales))],
  [
    'status',
    (value) =>
      STATUSES.includes(value) ? { status: value as NonNullable<ImportRow['status']> } : 'INVALID_VALUE',
  ],
  ['password_hash', passwordHash],
  ['created_at', text('createdAt', 'INVALID_VALUE', (value, { now }) => pastTime(value, now))],
  ['bindings', bindings],
]);

/** RFC 6901 §3. */
const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Shared by all rows: each decoder has memory outside the heap, which is reclaimed late. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function parseLine(line: Uint8Array | undefined): Record<string, unknown> | undefined {
  if (!line) return undefined;
  try {
    const parsed: unknown = JSON.parse(UTF_8.decode(line));
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the errors of a row as a whole, after each member has been accepted. */
function contradictions(row: ImportRow, { titles }: RowSettings): RowError[] {
  const hasIdentifier = row.externalId !== undefined || row.mobile !== undefined || row.email !== undefined;
  const title = titles.find(({ id }) => id === row.titleId);
  return [
    ...(hasIdentifier ? [] : [{ pointer: '', code: 'IDENTIFIER_MISSING' as const }]),
    ...(title && row.gender && title.gender !== row.gender
      ? [{ pointer: '/gender', code: 'INVALID_VALUE' as const }]
      : []),
  ];
}

/**
 * Reads a line of an import; undefined stands for a line that is too long. A null member counts as absent. All errors
 * are reported together.
 */
export function readRow(
  line: Uint8Array | undefined,
  settings: RowSettings,
): { row: ImportRow } | { errors: RowError[] } {
  const object = parseLine(line);
  if (!object) return { errors: [{ pointer: '', code: 'INVALID_ROW' }] };
  const row: ImportRow = {};
  const errors: RowError[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (value === null) continue;
    const read = MEMBERS.get(name)?.(value, settings) ?? 'UNKNOWN_MEMBER';
    if (typeof read === 'string') errors.push({ pointer: pointerTo(name), code: read });
    else if (Array.isArray(read)) errors.push(...read);
    else Object.assign(row, read);
  }
  if (errors.length === 0) errors.push(...contradictions(row, settings));
  return errors.length > 0 ? { errors } : { row };
}
