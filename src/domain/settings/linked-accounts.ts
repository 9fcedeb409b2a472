import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { facebookMethod } from '../authenticators/facebook/method.ts';
import { upstreamMethod } from '../authenticators/upstream/method.ts';
import { type Binding, type BindingChanger, bindings } from '../bindings/bindings.ts';
import type { Outbox } from '../messages/outbox.ts';
import { enrolledMethods, type MethodName, type UsableMethods } from '../sign-in/methods.ts';
import { signsIn } from '../upstream/binding-name.ts';
import { queueRevocations } from '../upstream/revocations.ts';

/** A binding as the owner of the account sees it. */
export interface LinkedAccount extends Binding {
  /** False if it can sign in, and no other method that works in this deployment would remain. */
  removable: boolean;
}

/** Links to other providers, managed by the account's owner. */
export interface LinkedAccounts {
  list(account: Account): Promise<LinkedAccount[]>;
  /** Throws `NOT_FOUND`, and `ONLY_WAY_TO_SIGN_IN` if no other authentication method would remain. */
  remove(accountId: number, provider: string, by?: BindingChanger): Promise<void>;
}

/** The authentication methods that use bindings. */
const BY_BINDING: readonly MethodName[] = [upstreamMethod.name, facebookMethod.name];

interface Deps {
  db: Db;
  keyring: Keyring;
  outbox: (db: Db) => Outbox;
  usable: UsableMethods;
}

export const linkedAccounts = ({ db, keyring, outbox, usable }: Deps): LinkedAccounts => ({
  async list(account) {
    const [methods, all] = await Promise.all([
      enrolledMethods(db, account, usable),
      bindings({ db }).list(account.id),
    ]);
    const hasOther = methods.some((method) => !BY_BINDING.includes(method));
    const signing = all.filter(({ provider }) => signsIn(provider) && usable.isUsableLink(provider));
    return all.map((binding) => ({
      ...binding,
      removable:
        !signsIn(binding.provider) ||
        hasOther ||
        signing.some(({ provider }) => provider !== binding.provider),
    }));
  },
  remove: (accountId, provider, by) =>
    transaction(db, async (tx) => {
      // with the account locked, no other method can be removed concurrently
      const account = await existing(tx, accountId);
      const binding = (await linkedAccounts({ db: tx, keyring, outbox, usable }).list(account)).find(
        (linked) => linked.provider === provider,
      );
      if (!binding) throw new AppError('NOT_FOUND');
      if (!binding.removable) throw new AppError('ONLY_WAY_TO_SIGN_IN');
      await queueRevocations({ db: tx, keyring, outbox: outbox(tx) }, accountId, provider);
      await bindings({ db: tx }).remove(accountId, provider, by);
    }),
});
