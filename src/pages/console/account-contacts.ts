import type { Middleware } from 'koa';
import type { ContactKind } from '../../domain/accounts/account.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { ContactChanges } from '../../domain/administration/contact-changes.ts';
import type { Sent } from '../kit/form-errors.ts';
import { accountForm, accountPage } from './account-page.ts';
import type { ConsoleArea } from './console-page.ts';

interface Deps {
  accountReads: Pick<AccountReads, 'find'>;
  contactChanges: ContactChanges;
}

const kindIn = (text: string | undefined): ContactKind => (text === 'email' ? 'email' : 'mobile');

/** A contact as one value of a field: `email nok@example.com`. */
const contactIn = ({ contact = '' }: Sent): { kind: ContactKind; value: string } => {
  const [kind, ...value] = contact.split(' ');
  return { kind: kindIn(kind), value: value.join(' ') };
};

/**
 * `/console/accounts/:id/contacts`: mobile numbers and e-mail addresses. The account's other contacts are notified of
 * a change.
 */
export function accountContactsPage(area: ConsoleArea, { accountReads, contactChanges }: Deps): Middleware {
  const form = { destructive: true, next: 'contacts' } as const;
  return accountPage(area, accountReads, {
    name: 'console/account-contacts',
    part: 'contacts',
    outcomes: ['contact_added', 'contact_removed'],
    load: ({ contacts }, _visit, sent) => ({
      contacts: contacts.map(({ kind, value, verified }) => ({ kind, value, verified })),
      typed: { kind: kindIn(sent?.kind), value: sent?.value ?? '', verified: sent?.verified === 'true' },
    }),
    forms: [
      accountForm(
        'add-contact',
        'contact_added',
        (id, { kind, value = '', verified }) =>
          contactChanges.add(id, { kind: kindIn(kind), value, verified: verified === 'true' }),
        form,
      ),
      accountForm(
        'remove-contact',
        'contact_removed',
        (id, sent) => contactChanges.remove(id, contactIn(sent)),
        form,
      ),
    ],
  });
}
