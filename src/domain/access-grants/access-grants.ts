import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import { pushDevices } from '../push-devices/push-devices.ts';
import { type ClientGrant, readGrants, removeGrants, removeGrantsOf } from './grant-store.ts';

export type { ClientGrant } from './grant-store.ts';

/** What an account gave to clients, one by one. */
export interface AccessGrants {
  /** Those with a token that still works, the one renewed last first. */
  list(accountId: number): Promise<ClientGrant[]>;
  /** Ends one: its tokens, or its key with the device that came with it, are invalid. Throws `NOT_FOUND`. */
  end(accountId: number, id: string, by?: Pick<AuditEvent, 'requestId'>): Promise<void>;
  /** Ends those of the ids that are the account's, whether there are any. */
  endAll(accountId: number, ids: readonly string[]): Promise<void>;
  /** Ends every one that a client has, and the devices that came with them; how many there were. */
  endOfClient(accountId: number, clientId: string): Promise<number>;
}

/** Anything else finds nothing, and would be an error of the database. */
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
