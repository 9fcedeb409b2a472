import { type Account, cardIdOf } from '../domain/accounts/account.ts';
import { contacts } from '../domain/contacts/contacts.ts';
import { parseEmail } from '../domain/contacts/email.ts';
import { parseMobile } from '../domain/contacts/mobile.ts';
import { CommandError } from './failure.ts';
import type { Workplace } from './workplace.ts';

const ID = /^[1-9]\d{0,14}$/;

/** The id of the account that a card number, a mobile, an e-mail or an id names. */
async function idNamed({ domain, database }: Workplace, text: string): Promise<number | undefined> {
  const cardId = cardIdOf(text);
  if (cardId) return domain.accounts.cardHolder(cardId);
  const held = contacts({ db: database.knex });
  const mobile = parseMobile(text);
  if (mobile) return held.holder('mobile', mobile);
  const email = parseEmail(text);
  if (email) return held.holder('email', email.key);
  return ID.test(text) ? Number(text) : undefined;
}

/** The account that the operator means. Throws when there is none, or only its tombstone. */
export async function accountNamed(place: Workplace, text: string): Promise<Account> {
  const id = await idNamed(place, text.trim());
  const account = id === undefined ? undefined : await place.domain.accounts.find(id);
  if (!account) throw new CommandError(`There is no account '${text}'.`);
  if (account.status === 'deleted') throw new CommandError(`Account ${account.id} has been deleted.`);
  return account;
}
