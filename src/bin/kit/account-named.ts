import type { Account } from '../../domain/accounts/account.ts';
import { parseOperatorIdentifier } from '../../domain/identifiers/identifier.ts';
import type { CommandContext } from './command-context.ts';
import { CommandError } from './failure.ts';

/** The help text of commands that take an account. */
export const WHICH = '\n<account> is an account ID, a mobile number, an e-mail address or a card number.';

/** Returns the account that the operator named. Throws when it does not exist or has been deleted. */
export async function accountNamed(context: CommandContext, text: string): Promise<Account> {
  const { accounts, identifiers } = context.domain;
  const identifier = parseOperatorIdentifier(text.trim());
  const id = identifier && (await identifiers.accountId(identifier));
  const account = id === undefined ? undefined : await accounts.find(id);
  if (!account) throw new CommandError(`Unknown account '${text}'.`);
  if (account.status === 'deleted') throw new CommandError(`Account ${account.id} has been deleted.`);
  return account;
}
