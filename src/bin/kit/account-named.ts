import type { Account } from '../../domain/accounts/account.ts';
import { parseOperatorIdentifier } from '../../domain/identifiers/identifier.ts';
import type { CommandContext } from './command-context.ts';
import { CommandError } from './failure.ts';

/** For the help of commands that take one. */
export const WHICH = '\n<account> is an account ID, a mobile number, an e-mail address or a card number.';

/** The account that the operator means. Throws when there is none, or only its tombstone. */
export async function accountNamed(context: CommandContext, text: string): Promise<Account> {
  const { accounts, identifiers } = context.domain;
  const identifier = parseOperatorIdentifier(text.trim());
  const id = identifier && (await identifiers.accountId(identifier));
  const account = id === undefined ? undefined : await accounts.find(id);
  if (!account) throw new CommandError(`Unknown account '${text}'.`);
  if (account.status === 'deleted') throw new CommandError(`Account ${account.id} has been deleted.`);
  return account;
}
