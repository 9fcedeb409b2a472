import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { existing } from '../accounts/accounts.ts';
import type { Passkeys } from '../passkeys/passkeys.ts';
import { enrolledMethods, type UsableMethods } from '../sign-in/methods.ts';

/**
 * Removes a passkey for the owner of the account. Throws `NOT_FOUND`, and `ONLY_WAY_TO_SIGN_IN` if no other
 * authentication method would remain.
 */
export type RemovePasskey = (accountId: number, id: string) => Promise<void>;

interface Deps {
  db: Db;
  passkeys: Pick<Passkeys, 'removeIn'>;
  usable: UsableMethods;
}

export const passkeyRemoval =
  ({ db, passkeys, usable }: Deps): RemovePasskey =>
  (accountId, id) =>
    transaction(db, async (tx) => {
      // with the account locked, no other method can be removed concurrently
      await existing(tx, accountId);
      await passkeys.removeIn(tx, accountId, id);
      const left = await enrolledMethods(tx, await existing(tx, accountId), usable);
      if (left.length === 0) throw new AppError('ONLY_WAY_TO_SIGN_IN');
    });
