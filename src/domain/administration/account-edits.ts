import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { refuseIfAny, type Violation } from '../../errors/violations.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { Account, Profile, ProfileChange } from '../accounts/account.ts';
import { profileColumns } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import { changeable } from '../operators/authority.ts';
import { isBirthDate } from '../values/birth-date.ts';
import { parseExternalId } from '../values/external-id.ts';
import { isLocale, type Locale } from '../values/locale.ts';
import { parsePersonName } from '../values/person-name.ts';
import { type ProfileText, parseText, TEXT_PROBLEMS } from '../values/profile-texts.ts';

/** The members of a profile that operators may change, by the name of their claim (OpenID Connect Core §5.1). */
const MEMBERS = {
  given_name: 'firstName',
  family_name: 'lastName',
  middle_name: 'middleName',
  nickname: 'nickname',
  preferred_username: 'preferredUsername',
  birthdate: 'birthDate',
  profile: 'profileUri',
  website: 'websiteUri',
  locale: 'locale',
} as const satisfies Record<string, keyof Profile>;

export type EditableField = keyof typeof MEMBERS | 'external_id';

export const EDITABLE: readonly EditableField[] = [
  ...(Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]),
  'external_id',
];

/** The changes to an account: null clears a field, an absent field remains unchanged. `birthdate` is `YYYY-MM-DD`. */
export type AccountEdit = { readonly [Field in EditableField]?: string | null };

/** The present values of the editable fields. */
export function editableFields({ profile, externalId }: Account): Record<EditableField, string | null> {
  const members = Object.entries(MEMBERS).map(([field, member]) => [field, profile[member]]);
  return { ...Object.fromEntries(members), external_id: externalId };
}

/** A version of the editable fields, which changes with their values: a strong entity tag without its quotes. */
export const versionOf = (account: Account): string =>
  sha256(JSON.stringify([account.id, Object.values(editableFields(account))]))
    .toString('base64url')
    .slice(0, 22);

export interface AccountEdits {
  /**
   * Calls `check` with the current version; `check` refuses the edit by throwing. Throws one error with all violations,
   * `EXTERNAL_ID_TAKEN`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED` and `OPERATOR_PROTECTED`. The audit trail names the
   * fields, never their values.
   */
  edit(accountId: number, change: AccountEdit, check?: (version: string) => void): Promise<void>;
}

/** Parses the input for a field into its stored form; undefined if it is not valid for the field. */
type Read = readonly [parse: (text: string) => string | null | undefined, code: Violation['code']];

const profileText = (member: ProfileText): Read => [(text) => parseText(member, text), TEXT_PROBLEMS[member]];

const readers = (
  now: Date,
  { timeZone, locales }: Pick<Deps, 'timeZone' | 'locales'>,
): Readonly<Record<EditableField, Read>> => ({
  given_name: [parsePersonName, 'INVALID_NAME'],
  family_name: [parsePersonName, 'INVALID_NAME'],
  middle_name: profileText('middleName'),
  nickname: profileText('nickname'),
  preferred_username: profileText('preferredUsername'),
  birthdate: [(text) => (isBirthDate(text, now, timeZone) ? text : undefined), 'INVALID_BIRTH_DATE'],
  profile: profileText('profileUri'),
  website: profileText('websiteUri'),
  locale: [(text) => (isLocale(text, locales) ? text : undefined), 'INVALID_TEXT'],
  external_id: [parseExternalId, 'INVALID_EXTERNAL_ID'],
});

interface Deps {
  db: Db;
  now: () => Date;
  /** Determines today's date, which is the latest date of birth. */
  timeZone: string;
  /** The languages in which pages are available. */
  locales?: readonly Locale[];
}

export const accountEdits = ({ db, now, timeZone, locales }: Deps): AccountEdits => ({
  async edit(accountId, change, check) {
    const read = readers(now(), { timeZone, locales });
    const violations: Violation[] = [];
    const values: Partial<Record<EditableField, string | null>> = {};
    for (const field of EDITABLE) {
      const given = change[field];
      if (given === undefined) continue;
      const [parse, code] = read[field];
      const value = given === null ? null : parse(given);
      if (value === undefined) violations.push({ field, code });
      else values[field] = value;
    }
    refuseIfAny(violations);
    const { external_id: externalId, ...profile } = values;
    const members = Object.fromEntries(
      Object.entries(profile).map(([field, value]) => [MEMBERS[field as keyof typeof MEMBERS], value]),
    ) as ProfileChange;
    await transaction(db, async (tx) => {
      const account = await changeable(tx, accountId);
      check?.(versionOf(account));
      const columns = {
        ...profileColumns(members),
        ...(externalId === undefined ? {} : { external_id: externalId }),
      };
      if (Object.keys(columns).length === 0) return;
      await tx('accounts')
        .where({ id: accountId })
        .update({ ...columns, updated_at: tx.raw('pratu_now()') });
      const fields = EDITABLE.filter((field) => change[field] !== undefined).join(' ');
      await audit({ db: tx }).record({ event: 'account.profile_changed', accountId, details: { fields } });
    }).catch((error: unknown) => {
      throw violated(error) ?? error;
    });
  },
});
