import type { Context } from 'koa';
import type { AccountDetailsReader } from '../../domain/administration/account-details.ts';
import { versionOf } from '../../domain/administration/account-edits.ts';
import type { ContactChanges } from '../../domain/administration/contact-changes.ts';
import type { PasswordResets } from '../../domain/administration/password-resets.ts';
import type { NewContact } from '../../domain/contacts/contacts.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import { accountIdIn, type Described, ok, type Reply } from './operation.ts';
import { accountBody } from './wire.ts';

export interface ContactsDeps {
  accountDetails: AccountDetailsReader;
  contactChanges: ContactChanges;
  passwordResets: PasswordResets;
  originOf: (ctx: Context) => Origin;
}

/** The contacts of an account. They appear in bodies only: no URL contains personal identifiers. */
export function contactOperations(deps: ContactsDeps): Described[] {
  async function shown(id: number): Promise<Reply> {
    const details = await deps.accountDetails.of(id);
    return ok(accountBody(details), versionOf(details.account));
  }

  return [
    {
      id: 'sendPasswordReset',
      method: 'post',
      path: '/admin/v1/accounts/:id/password-reset',
      hasBody: true,
      async run(parts, ctx) {
        const { channel } = parts.body as { channel: 'email' | 'sms' };
        await deps.passwordResets.send(accountIdIn(parts), channel, deps.originOf(ctx));
        return { status: 202 };
      },
    },
    {
      id: 'addContact',
      method: 'post',
      path: '/admin/v1/accounts/:id/contacts',
      hasBody: true,
      async run(parts) {
        const { kind, value, verified = false } = parts.body as NewContact;
        const id = accountIdIn(parts);
        await deps.contactChanges.add(id, { kind, value, verified });
        return shown(id);
      },
    },
    {
      id: 'removeContact',
      method: 'delete',
      path: '/admin/v1/accounts/:id/contacts',
      hasBody: true,
      async run(parts) {
        const id = accountIdIn(parts);
        await deps.contactChanges.remove(id, parts.body as NewContact);
        return shown(id);
      },
    },
  ];
}
