import type { Middleware } from 'koa';
import type { Import } from '../../domain/import/import.ts';
import type { Sent } from '../kit/form-errors.ts';
import { NEW_ACCOUNT_FIELDS, type NewAccountFields } from '../page-data/console-accounts-data.ts';
import { accountPath } from './account-page.ts';
import { type ConsoleArea, consolePage, withOutcome } from './console-page.ts';

interface Deps {
  accountImport: Pick<Import, 'create'>;
}

const SCOPE = 'admin:accounts:write';

const typedFields = (sent: Sent | undefined): NewAccountFields =>
  Object.fromEntries(NEW_ACCOUNT_FIELDS.map((name) => [name, sent?.[name] ?? ''])) as NewAccountFields;

/** The row of an import that corresponds to a form. Empty fields are omitted. */
function rowIn(sent: Sent): Record<string, string | boolean> {
  const { mobile_verified: mobileVerified, email_verified: emailVerified, ...texts } = typedFields(sent);
  const filled = Object.entries(texts)
    .map(([name, text]) => [name, text.trim()])
    .filter(([, text]) => text !== '');
  const row = Object.fromEntries(filled) as Record<string, string>;
  return {
    ...row,
    ...(row.mobile ? { mobile_verified: mobileVerified === 'true' } : {}),
    ...(row.email ? { email_verified: emailVerified === 'true' } : {}),
  };
}

/** `/console/new-account`: creates one account, like an import of one row. */
export const newAccountPage = (area: ConsoleArea, { accountImport }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/accounts-new',
    path: '/console/new-account',
    scope: SCOPE,
    load: async (_visit, sent) => ({ typed: typedFields(sent) }),
    forms: [
      {
        scope: SCOPE,
        async submit(sent) {
          const id = await accountImport.create(rowIn(sent));
          return withOutcome(accountPath(id), 'account_created');
        },
      },
    ],
  });
