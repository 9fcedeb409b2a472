import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { existing } from '../accounts/accounts.ts';
import {
  claimStep,
  deleteUnconfirmed,
  insertAuthenticator,
  readAuthenticators,
  type SecretRow,
} from './second-factor-store.ts';
import { matchingStep, newTotpSecret } from './totp.ts';

/** Authenticator apps (RFC 6238) of accounts. */
export interface Apps {
  /** Prepares an app and returns its secret in base32. An earlier app that was never confirmed is discarded. */
  begin(accountId: number, name: string): Promise<{ secret: string }>;
  /** Returns the secret of the app that waits to be confirmed; undefined if there is none. */
  pending(accountId: number): Promise<string | undefined>;
  /** Returns the first of these apps that the unused code of six digits belongs to, and uses up the code. */
  useStep(rows: readonly SecretRow[], code: string): Promise<SecretRow | undefined>;
}

interface Deps {
  db: Db;
  keyring: Pick<Keyring, 'seal' | 'openText'>;
}

const CONTEXT = 'authenticators.sealed';

export function apps({ db, keyring }: Deps): Apps {
  const secretOf = ({ id, sealed }: SecretRow): string | undefined =>
    sealed === null ? undefined : keyring.openText(CONTEXT, sealed, id);

  return {
    begin: (accountId, name) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        await deleteUnconfirmed(tx, accountId);
        const [id, secret] = [randomUUID(), newTotpSecret()];
        await insertAuthenticator(tx, { id, accountId, name, sealed: keyring.seal(CONTEXT, secret, id) });
        return { secret };
      }),
    async pending(accountId) {
      const row = (await readAuthenticators(db, accountId)).find(({ confirmedAt }) => confirmedAt === null);
      return row && secretOf(row);
    },
    async useStep(rows, code) {
      for (const row of rows) {
        const secret = secretOf(row);
        if (secret === undefined) continue;
        const step = matchingStep({ secret, lastStep: row.lastStep }, code, row.now);
        if (step !== undefined && (await claimStep(db, row.id, step))) return row;
      }
      return undefined;
    },
  };
}
