import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { refuseIfAny, type Violation } from '../../errors/violations.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { Account, ProfileChange } from '../accounts/account.ts';
import { existing, profileColumns } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import { isBirthDate } from '../values/birth-date.ts';
import { parseExternalId } from '../values/external-id.ts';
import { isLocale } from '../values/locale.ts';
import { parsePersonName } from '../values/person-name.ts';

/** What operators may change of an account; null empties, absent leaves as it is. */
export interface AccountEdit {
  given_name?: string | null;
  family_name?: string | null;
  /** `YYYY-MM-DD`. */
  birthdate?: string | null;
  locale?: string | null;
  external_id?: string | null;
}

export const EDITABLE = ['given_name', 'family_name', 'birthdate', 'locale', 'external_id'] as const;

/** Changes whenever what an operator may change has changed: a strong entity tag without its quotes. */
export const versionOf = ({ id, profile, externalId }: Account): string =>
  sha256(
    JSON.stringify([id, profile.firstName, profile.lastName, profile.birthDate, profile.locale, externalId]),
  )
    .toString('base64url')
    .slice(0, 22);

export interface AccountEdits {
  /**
   * `check` is called with the present version, and refuses by throwing. Throws every violation at once,
   * `EXTERNAL_ID_TAKEN`, `ACCOUNT_NOT_FOUND` and `ACCOUNT_DELETED`. The audit trail
   * names the fields, never their values.
   */
  edit(accountId: number, change: AccountEdit, check?: (version: string) => void): Promise<void>;
}

type Check = readonly [
  value: string | null | undefined,
  valid: (text: string) => boolean,
  code: Violation['code'],
];

export const accountEdits = ({ db, now }: { db: Db; now: () => Date }): AccountEdits => ({
  async edit(accountId, change, check) {
    const checks: Record<keyof AccountEdit, Check> = {
      given_name: [change.given_name, (text) => parsePersonName(text) !== undefined, 'INVALID_NAME'],
      family_name: [change.family_name, (text) => parsePersonName(text) !== undefined, 'INVALID_NAME'],
      birthdate: [change.birthdate, (text) => isBirthDate(text, now()), 'INVALID_BIRTH_DATE'],
      locale: [change.locale, isLocale, 'INVALID_TEXT'],
      external_id: [change.external_id, (text) => parseExternalId(text) !== undefined, 'INVALID_EXTERNAL_ID'],
    };
    refuseIfAny(
      Object.entries(checks).flatMap(([field, [value, valid, code]]) =>
        value == null || valid(value) ? [] : [{ field, code }],
      ),
    );
    const name = (text: string | null | undefined) => (text == null ? text : parsePersonName(text));
    const members: Record<string, unknown> = {
      firstName: name(change.given_name),
      lastName: name(change.family_name),
      birthDate: change.birthdate,
      locale: change.locale,
    };
    const profile = Object.fromEntries(
      Object.entries(members).filter(([, value]) => value !== undefined),
    ) as ProfileChange;
    await transaction(db, async (tx) => {
      const account = await existing(tx, accountId);
      check?.(versionOf(account));
      const columns = {
        ...profileColumns(profile),
        ...(change.external_id === undefined ? {} : { external_id: change.external_id }),
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
