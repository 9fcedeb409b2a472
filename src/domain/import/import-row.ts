import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Title } from '../accounts/account.ts';
import type { Email } from '../values/email.ts';
import type { Locale } from '../values/locale.ts';

/** An error in a row: its location (RFC 6901) and a code of the error catalogue. */
export interface RowError {
  pointer: string;
  code: ErrorCode;
}

export interface ImportedBinding {
  provider: string;
  externalId: string;
}

/** A row of an import whose members are all well-formed. Members that were not given are absent. */
export interface ImportRow {
  externalId?: string;
  mobile?: string;
  mobileVerified?: boolean;
  email?: Email;
  emailVerified?: boolean;
  firstName?: string;
  lastName?: string;
  middleName?: string;
  nickname?: string;
  preferredUsername?: string;
  profileUri?: string;
  websiteUri?: string;
  /** `YYYY-MM-DD`. */
  birthDate?: string;
  gender?: Title['gender'];
  titleId?: number;
  nationalId?: string;
  locale?: Locale;
  status?: 'active' | 'suspended' | 'pending';
  /** In its stored form: see `PasswordHasher.adopt`. */
  passwordHash?: string;
  /** RFC 3339. */
  createdAt?: string;
  bindings?: ImportedBinding[];
}

/** A contact in a row, in the form in which contacts are stored. */
export interface ImportedContact {
  kind: 'mobile' | 'email';
  value: string;
  key: string;
  verified: boolean;
}

export function contactsOf({
  mobile,
  mobileVerified = false,
  email,
  emailVerified = false,
}: ImportRow): ImportedContact[] {
  return [
    ...(mobile ? [{ kind: 'mobile' as const, value: mobile, key: mobile, verified: mobileVerified }] : []),
    ...(email ? [{ kind: 'email' as const, ...email, verified: emailVerified }] : []),
  ];
}

/**
 * Returns the values of a row that must be unique among accounts. Rows that share one are written in sequence, so that
 * the second one sees the first.
 */
export const uniqueValues = (row: ImportRow): string[] => [
  ...(row.externalId === undefined ? [] : [`external ${row.externalId}`]),
  ...(row.nationalId === undefined ? [] : [`national ${row.nationalId}`]),
  ...contactsOf(row).map(({ kind, key }) => `${kind} ${key}`),
  ...(row.bindings ?? []).map(({ provider, externalId }) => `binding ${provider} ${externalId}`),
];
