import type { Account } from '../../domain/accounts/account.ts';
import { contacts } from '../../domain/contacts/contacts.ts';
import { parseIdentifier } from '../../domain/identifiers/identifier.ts';
import type { CommandContext } from './command-context.ts';
import { CommandError } from './failure.ts';

const ID = /^[1-9]\d{0,14}$/;

/** The id of the account that a card number, a mobile, an e-mail or an id names. */
async function idNamed({ domain, database }: CommandContext, text: string): Promise<number | undefined> {
  const named = parseIdentifier(text);
  if (named?.kind === 'card') return domain.accounts.cardHolder(named.key);
  if (named?.kind === 'mobile' || named?.kind === 'email')
    return contacts({ db: database.knex }).holder(named.kind, named.key);
  return ID.test(text) ? Number(text) : undefined;
}

/** The account that the operator means. Throws when there is none, or only its tombstone. */
export async function accountNamed(context: CommandContext, text: string): Promise<Account> {
  const id = await idNamed(context, text.trim());
  const account = id === undefined ? undefined : await context.domain.accounts.find(id);
  if (!account) throw new CommandError(`Unknown account '${text}'.`);
  if (account.status === 'deleted') throw new CommandError(`Account ${account.id} has been deleted.`);
  return account;
}
