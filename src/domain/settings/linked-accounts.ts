import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Account } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { type Binding, type BindingChanger, bindings } from '../bindings/bindings.ts';
import { enrolledMethods, type MethodName, type UsableMethods } from '../sign-in/methods.ts';

/** A binding as the owner of the account sees it. */
export interface LinkedAccount extends Binding {
  /** False for the only authentication method that the account has left. */
  removable: boolean;
}

/** Links to other providers, in the hands of the account's owner. */
export interface LinkedAccounts {
  list(account: Account): Promise<LinkedAccount[]>;
  /** Throws `NOT_FOUND`, and `ONLY_WAY_TO_SIGN_IN` when no other method would sign in. */
  remove(accountId: number, provider: string, by?: BindingChanger): Promise<void>;
}

/** A binding that signs in has the name of its method. */
const isOnlyMethod = (methods: readonly MethodName[], { provider }: Binding): boolean =>
  methods.length === 1 && methods[0] === provider;

export const linkedAccounts = ({ db, ...usable }: { db: Db } & UsableMethods): LinkedAccounts => ({
  async list(account) {
    const [methods, all] = await Promise.all([
      enrolledMethods(db, account, usable),
      bindings({ db }).list(account.id),
    ]);
    return all.map((binding) => ({ ...binding, removable: !isOnlyMethod(methods, binding) }));
  },
  remove: (accountId, provider, by) =>
    transaction(db, async (tx) => {
      // with the account locked, no other method can be removed concurrently
      const account = await existing(tx, accountId);
      const binding = (await linkedAccounts({ db: tx, ...usable }).list(account)).find(
        (linked) => linked.provider === provider,
      );
      if (!binding) throw new AppError('NOT_FOUND');
      if (!binding.removable) throw new AppError('ONLY_WAY_TO_SIGN_IN');
      await bindings({ db: tx }).remove(accountId, provider, by);
    }),
});
