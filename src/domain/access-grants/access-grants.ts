import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import { pushDevices } from '../push-devices/push-devices.ts';
import { type ClientGrant, readGrants, removeGrants, removeGrantsOf } from './grant-store.ts';

export type { ClientGrant } from './grant-store.ts';

/** The access that an account has granted to clients. */
export interface AccessGrants {
  /** Grants with a valid token, the most recently renewed first. */
  list(accountId: number): Promise<ClientGrant[]>;
  /** Ends a grant: revokes its tokens, or its key and the device registered with it. Throws `NOT_FOUND`. */
  end(accountId: number, id: string, by?: Pick<AuditEvent, 'requestId'>): Promise<void>;
  /** Ends the account's grants among these IDs. Other IDs are ignored. */
  endAll(accountId: number, ids: readonly string[]): Promise<void>;
  /** Ends every grant of a client and removes the devices registered with them. Returns the number of grants. */
  endOfClient(accountId: number, clientId: string): Promise<number>;
}

/** Any other text matches no grant, and would cause a database error. */
const IS_ID = /^[0-9a-f]{32}$/;

export const accessGrants = ({ db }: { db: Db }): AccessGrants => ({
  list: (accountId) => readGrants(db, accountId),
  end: (accountId, id, by = {}) =>
    transaction(db, async (tx) => {
      const [clientId] = IS_ID.test(id) ? await removeGrants(tx, accountId, [id]) : [];
      if (clientId === undefined) throw new AppError('NOT_FOUND');
      await pushDevices({ db: tx }).remove(id);
      await audit({ db: tx }).record({ event: 'tokens.revoked', accountId, clientId, ...by });
    }),
  endAll: async (accountId, ids) => void (await removeGrants(db, accountId, ids)),
  endOfClient: (accountId, clientId) =>
    transaction(db, async (tx) => {
      const ended = await removeGrantsOf(tx, accountId, clientId);
      for (const id of ended) await pushDevices({ db: tx }).remove(id);
      return ended.length;
    }),
});
