import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { passkeyMethod } from '../authenticators/passkey/method.ts';
import { changeable } from '../operators/authority.ts';
import type { Passkeys } from '../passkeys/passkeys.ts';
import type { AuthenticatorRow, SecondFactors } from '../second-factors/second-factors.ts';

/** An authenticator that its owner can lose and then needs removed. */
export interface HeldAuthenticator {
  id: string;
  method: AuthenticatorRow['method'] | typeof passkeyMethod.name;
  /** Null for a method whose codes are sent. */
  name: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** The passkeys and second factors of an account, for operators and the export. */
export interface HeldAuthenticators {
  /** Passkeys first, then second factors, each oldest first. */
  list(accountId: number): Promise<readonly HeldAuthenticator[]>;
  /**
   * Removes an authenticator, even the only way to sign in, and notifies the owner. Throws `NOT_FOUND`,
   * `OPERATOR_PROTECTED`.
   */
  remove(accountId: number, id: string): Promise<void>;
}

interface Deps {
  db: Db;
  passkeys: Pick<Passkeys, 'list' | 'removeIn'>;
  secondFactors: Pick<SecondFactors, 'list' | 'remove'>;
}

export function heldAuthenticators({ db, passkeys, secondFactors }: Deps): HeldAuthenticators {
  async function removePasskey(accountId: number, id: string): Promise<void> {
    await transaction(db, async (tx) => {
      await changeable(tx, accountId);
      await passkeys.removeIn(tx, accountId, id);
    });
  }

  return {
    async list(accountId) {
      const [keys, { authenticators }] = await Promise.all([
        passkeys.list(accountId),
        secondFactors.list(accountId),
      ]);
      const ofPasskeys = keys.map((passkey) => ({ ...passkey, method: passkeyMethod.name }));
      return [...ofPasskeys, ...authenticators].map(({ id, method, name, createdAt, lastUsedAt }) => ({
        ...{ id, method, name, createdAt, lastUsedAt },
      }));
    },
    async remove(accountId, id) {
      try {
        await removePasskey(accountId, id);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
        await secondFactors.remove(accountId, id);
      }
    },
  };
}
