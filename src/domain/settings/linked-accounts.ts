import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Account, isTrusted } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { FACEBOOK } from '../authenticators/facebook/facebook.ts';
import { type Binding, type BindingChanger, bindings } from '../bindings/bindings.ts';
import type { Credentials } from '../credentials/credentials.ts';

/** The providers whose binding signs in. */
const SIGN_IN_PROVIDERS: ReadonlySet<string> = new Set([FACEBOOK]);

/** A binding as the owner of the account sees it. */
export interface LinkedAccount extends Binding {
  /** False for the one way that is left to sign in. */
  removable: boolean;
}

/** Links to other providers, in the hands of the account's owner. */
export interface LinkedAccounts {
  list(account: Account): Promise<LinkedAccount[]>;
  /** Throws `NOT_FOUND`, and `ONLY_WAY_TO_SIGN_IN` when nothing else would sign in. */
  remove(accountId: number, provider: string, by?: BindingChanger): Promise<void>;
}

interface Deps {
  db: Db;
  credentials: (db: Db) => Pick<Credentials, 'has'>;
}

/** A number that a code proves signs in; so does a password, with the card number that every account has. */
const signsInOtherwise = async (
  { id, contacts }: Account,
  credentials: Pick<Credentials, 'has'>,
): Promise<boolean> =>
  contacts.some((contact) => contact.kind === 'mobile' && isTrusted(contact)) || credentials.has(id);

export const linkedAccounts = ({ db, credentials }: Deps): LinkedAccounts => ({
  async list(account) {
    const safe = await signsInOtherwise(account, credentials(db));
    const all = await bindings({ db }).list(account.id);
    return all.map((binding) => ({
      ...binding,
      removable: safe || !SIGN_IN_PROVIDERS.has(binding.provider),
    }));
  },
  remove: (accountId, provider, by) =>
    transaction(db, async (tx) => {
      // with the account locked, nobody takes the other way off meanwhile
      const account = await existing(tx, accountId);
      const binding = (await linkedAccounts({ db: tx, credentials }).list(account)).find(
        (linked) => linked.provider === provider,
      );
      if (!binding) throw new AppError('NOT_FOUND');
      if (!binding.removable) throw new AppError('ONLY_WAY_TO_SIGN_IN');
      await bindings({ db: tx }).remove(accountId, provider, by);
    }),
});
