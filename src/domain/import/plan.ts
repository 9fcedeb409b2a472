import type { Title } from '../accounts/account.ts';
import {
  contactsOf,
  type ImportedBinding,
  type ImportedContact,
  type ImportRow,
  type RowError,
} from './import-row.ts';
import type { Held, PresentAccount } from './present-store.ts';

/** A row with the digests that identify its account. */
export interface KeyedRow {
  row: ImportRow;
  /** The digest of the contact that identifies a row without an external ID. */
  importDigest: Buffer | undefined;
  /** The digests of the national ID under every key, newest first; empty without a national ID. */
  nationalIdDigests: readonly Buffer[];
  /** The digest of the password hash, as it was imported. */
  passwordDigest: Buffer | undefined;
}

/** The stored data that the rows of a batch affect. */
export interface Present {
  accountOf(keyed: KeyedRow): PresentAccount | undefined;
  contacts: readonly Held<Omit<ImportedContact, 'value'>>[];
  bindings: readonly Held<ImportedBinding>[];
  nationalIds: readonly Held<{ digest: Buffer }>[];
}

/** The values that a row changes; values that are already stored are omitted. */
export interface Changes {
  firstName?: string;
  lastName?: string;
  middleName?: string;
  nickname?: string;
  preferredUsername?: string;
  profileUri?: string;
  websiteUri?: string;
  birthDate?: string;
  locale?: string;
  titleId?: number;
  nationalId?: string;
  status?: NonNullable<ImportRow['status']>;
  passwordHash?: string;
  contacts: ImportedContact[];
  bindings: ImportedBinding[];
}

export interface Plan {
  keyed: KeyedRow;
  account: PresentAccount | undefined;
  errors: RowError[];
  changes: Changes;
}

/** The title for a row with only a gender: Mr., or Ms., which fits any marital status. */
const TITLE_OF: Readonly<Record<Title['gender'], number>> = { MALE: 1, FEMALE: 3 };

function conflicts(keyed: KeyedRow, accountId: number | undefined, present: Present): RowError[] {
  const isOthers = (held: { accountId: number }): boolean => held.accountId !== accountId;
  const contacts = contactsOf(keyed.row)
    .filter(({ kind, key }) =>
      present.contacts.some(
        (held) => held.verified && held.kind === kind && held.key === key && isOthers(held),
      ),
    )
    .map(({ kind }) => ({ pointer: `/${kind}`, code: 'CONTACT_TAKEN' as const }));
  const person = present.nationalIds.some(
    (held) => isOthers(held) && keyed.nationalIdDigests.some((digest) => digest.equals(held.digest)),
  );
  const bindings = (keyed.row.bindings ?? []).flatMap(({ provider, externalId }, index) =>
    present.bindings.some(
      (held) => held.provider === provider && held.externalId === externalId && isOthers(held),
    )
      ? [{ pointer: `/bindings/${index}/external_id`, code: 'BINDING_TAKEN' as const }]
      : [],
  );
  return [
    ...contacts,
    ...(person ? [{ pointer: '/thai_id', code: 'NATIONAL_ID_TAKEN' as const }] : []),
    ...bindings,
  ];
}

/** Keeps a title that matches the gender. */
function titleChange({ row }: KeyedRow, account: PresentAccount | undefined): number | undefined {
  if (row.titleId !== undefined) return row.titleId;
  return row.gender === undefined || account?.gender === row.gender ? undefined : TITLE_OF[row.gender];
}

/** An import neither activates an account that was suspended in this system nor makes an active one pending. */
function statusChange({ row }: KeyedRow, account: PresentAccount | undefined): ImportRow['status'] {
  if (!account) return row.status ?? 'active';
  const isAllowed = row.status === 'suspended' || account.status === 'pending';
  return isAllowed ? row.status : undefined;
}

/** Keeps a password that was chosen in this system, or that is already the imported one. */
function passwordChange(keyed: KeyedRow, account: PresentAccount | undefined): string | undefined {
  const { row, passwordDigest } = keyed;
  if (!passwordDigest || !account?.hasPassword) return row.passwordHash;
  const { importedDigest } = account;
  return importedDigest === null || importedDigest.equals(passwordDigest) ? undefined : row.passwordHash;
}

function nationalIdChange(keyed: KeyedRow, account: PresentAccount | undefined): string | undefined {
  const present = account?.nationalIdDigest;
  const isSame = present && keyed.nationalIdDigests.some((digest) => digest.equals(present));
  return isSame ? undefined : keyed.row.nationalId;
}

function changesOf(keyed: KeyedRow, account: PresentAccount | undefined, present: Present): Changes {
  const { row } = keyed;
  const isHeld = (held: { accountId: number }): boolean => held.accountId === account?.id;
  const wanted = {
    firstName: row.firstName,
    lastName: row.lastName,
    middleName: row.middleName,
    nickname: row.nickname,
    preferredUsername: row.preferredUsername,
    profileUri: row.profileUri,
    websiteUri: row.websiteUri,
    birthDate: row.birthDate,
    locale: row.locale,
    titleId: titleChange(keyed, account),
    nationalId: nationalIdChange(keyed, account),
    status: statusChange(keyed, account),
    passwordHash: passwordChange(keyed, account),
  };
  const changed = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && value !== account?.[name as keyof PresentAccount],
  );
  return {
    ...Object.fromEntries(changed),
    contacts: contactsOf(row).filter(
      ({ kind, key, verified }) =>
        !present.contacts.some(
          (held) => isHeld(held) && held.kind === kind && held.key === key && (held.verified || !verified),
        ),
    ),
    bindings: (row.bindings ?? []).filter(
      ({ provider, externalId }) =>
        !present.bindings.some(
          (held) => isHeld(held) && held.provider === provider && held.externalId === externalId,
        ),
    ),
  };
}

/** Plans the changes for a row without applying them. */
export function planOf(keyed: KeyedRow, present: Present): Plan {
  const account = present.accountOf(keyed);
  const errors = conflicts(keyed, account?.id, present);
  return { keyed, account, errors, changes: changesOf(keyed, account, present) };
}

/** Returns the members of a row that change something, by their names in the row. */
export function changedMembers({ contacts, bindings, ...values }: Changes): string[] {
  const names: Readonly<Record<string, string>> = {
    firstName: 'given_name',
    lastName: 'family_name',
    middleName: 'middle_name',
    preferredUsername: 'preferred_username',
    profileUri: 'profile',
    websiteUri: 'website',
    birthDate: 'birthdate',
    titleId: 'title_id',
    nationalId: 'thai_id',
    passwordHash: 'password_hash',
  };
  return [
    ...Object.keys(values).map((name) => names[name] ?? name),
    ...contacts.map(({ kind }) => kind),
    ...(bindings.length > 0 ? ['bindings'] : []),
  ];
}
