import type { Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import {
  type AccountEdit,
  type AccountEdits,
  EDITABLE,
  type EditableField,
  editableFields,
  versionOf,
} from '../../domain/administration/account-edits.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Sent } from '../kit/form-errors.ts';
import type { AccountFields } from '../page-data/console-accounts-data.ts';
import { accountForm, accountPage } from './account-page.ts';
import type { ConsoleArea } from './console-page.ts';

interface Deps {
  accountReads: Pick<AccountReads, 'find'>;
  accountEdits: AccountEdits;
}

const SCOPE = 'admin:accounts:write';

const fieldsOf = (account: Account): AccountFields =>
  Object.fromEntries(
    Object.entries(editableFields(account)).map(([field, value]) => [field, value ?? '']),
  ) as AccountFields;

/** The values as typed, to be shown again. */
const typedFields = (sent: Sent): AccountFields =>
  Object.fromEntries(EDITABLE.map((name) => [name, sent[name] ?? ''])) as Record<EditableField, string>;

/** The members that a form changes. An emptied field removes its member. */
function editIn(before: AccountFields, sent: Sent): AccountEdit {
  const after = typedFields(sent);
  const changed = EDITABLE.filter((name) => after[name].trim() !== before[name].trim());
  return Object.fromEntries(changed.map((name) => [name, after[name].trim() || null]));
}

/**
 * `/console/accounts/:id/profile`: the person's details that operators can change, unless they have changed since
 * they were shown.
 */
export const accountProfilePage = (area: ConsoleArea, { accountReads, accountEdits }: Deps): Middleware =>
  accountPage(area, accountReads, {
    name: 'console/account-profile',
    part: 'profile',
    scope: SCOPE,
    outcomes: ['profile_changed'],
    load: (account, _visit, sent) => ({
      typed: sent ? typedFields(sent) : fieldsOf(account),
      version: sent?.version ?? versionOf(account),
    }),
    forms: [
      accountForm(
        'profile',
        'profile_changed',
        async (id, sent) => {
          const before = fieldsOf(await accountReads.find(id, 'profile'));
          await accountEdits.edit(id, editIn(before, sent), (version) => {
            if (version !== sent.version) throw new AppError('PRECONDITION_FAILED');
          });
        },
        { next: 'profile' },
      ),
    ],
  });
