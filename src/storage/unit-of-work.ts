import type { Database } from '../db/database.ts';
import type { Change } from '../db/one-statement.ts';
import { runQuery } from '../db/run-query.ts';
import {
  type Claim,
  grantOf,
  isLive,
  type NewRecord,
  type Outcome,
  type Revocation,
  type StoredRecord,
  type Writes,
} from './record.ts';
import { recordReader } from './record-reader.ts';
import { ID_BY_USER_CODE } from './record-sql.ts';
import { recordWriter } from './record-writer.ts';
import { readSettled } from './settlement.ts';

/**
 * The reads and writes of one request. Reads are executed immediately and see the unit's own removals; `pending`
 * returns its inserts. Writes are collected and committed together when the response is ready, or discarded with the
 * unit.
 */
export interface UnitOfWork {
  /** The record, live or not; undefined if there is none. */
  read(id: string): Promise<StoredRecord | undefined>;
  /** The same for records that are used once, such as codes: see `readSettled`. */
  readSettled(id: string): Promise<StoredRecord | undefined>;
  /** The record that this unit will write under `id`, if any. */
  pending(id: string): NewRecord | undefined;
  insert(record: NewRecord): void;
  /** Whether the unit will write a record of one of these kinds that it has not read. */
  creates(kinds: readonly string[]): boolean;
  /** Inserts a record that must be new: the unit is refused as `repeated` if the record exists. */
  insertOnce(record: NewRecord): void;
  claim(claim: Claim): void;
  remove(id: string): void;
  /**
   * Removes every record of a grant (`recordId('Grant', …)`), or only those issued for one of its codes (the code's
   * id).
   */
  revoke(grantId: string, codeId?: string): void;
  /** Adds changes of other tables to the commit, replacing earlier ones of the same name. */
  put(name: string, ...changes: Change[]): void;
  /** Rejects with `UNAVAILABLE` if the database is unavailable; nothing was written then. */
  commit(): Promise<Outcome>;
  /** The generations of the accounts read so far, for the records that this unit creates. */
  generations: Map<number, number>;
}

export interface Records {
  unit(): UnitOfWork;
  /** Reads one record outside of any unit. */
  find(id: string): Promise<StoredRecord | undefined>;
  /** The record of a device code by the digest of its user code, in base64. */
  findByUserCode(digest: string): Promise<StoredRecord | undefined>;
}

export function records(database: Database): Records {
  const query = runQuery(database);
  const read = recordReader(query);
  const writer = recordWriter(database, query);

  function unit(): UnitOfWork {
    const claims = new Map<string, Claim>();
    const inserts = new Map<string, NewRecord>();
    const deletes = new Set<string>();
    const revocations = new Map<string, Revocation>();
    const changes = new Map<string, Change[]>();
    const seen = new Map<string, Promise<StoredRecord | undefined>>();
    const generations = new Map<number, number>();

    async function readOnce(id: string): Promise<StoredRecord | undefined> {
      const record = await read(id);
      const grant = record && grantOf(record);
      if (grant) seen.set(grant.id, Promise.resolve(grant));
      if (record && isLive(record) && record.accountId !== null && record.accountGeneration !== null) {
        generations.set(record.accountId, record.accountGeneration);
      }
      return record;
    }

    /**
     * The ids of new records. A record that was read is not new, and an existing proof may belong to another request.
     */
    const created = (): string[] =>
      [...inserts.values()].filter(({ id, once }) => !once && !seen.has(id)).map(({ id }) => id);

    const witness = (): string | undefined =>
      claims.size > 0 || [...inserts.values()].some(({ once }) => once) ? created()[0] : undefined;

    const writes = (): Writes => ({
      claims: [...claims.values()],
      inserts: [...inserts.values()],
      deletes: [...deletes],
      revocations: [...revocations.values()],
      changes: [...changes.values()].flat(),
      witness: witness(),
      created: created(),
    });

    async function readBy(
      id: string,
      how: (id: string) => Promise<StoredRecord | undefined>,
    ): Promise<StoredRecord | undefined> {
      if (deletes.has(id)) return undefined;
      let record = seen.get(id);
      if (!record) {
        record = how(id);
        seen.set(id, record);
      }
      return record;
    }

    return {
      generations,
      read: (id) => readBy(id, readOnce),
      readSettled: (id) => readBy(id, () => readSettled(() => readOnce(id))),
      pending: (id) => inserts.get(id),
      insert(record) {
        deletes.delete(record.id);
        inserts.set(record.id, record);
      },
      creates: (kinds) => [...inserts.values()].some(({ id, kind }) => kinds.includes(kind) && !seen.has(id)),
      insertOnce: (record) => void inserts.set(record.id, { ...record, once: true }),
      claim: (claim) => void claims.set(claim.id, claim),
      remove(id) {
        inserts.delete(id);
        claims.delete(id);
        deletes.add(id);
      },
      revoke: (grantId, codeId) => void revocations.set(`${grantId} ${codeId ?? ''}`, { grantId, codeId }),
      put: (name, ...given) => void changes.set(name, given),
      async commit() {
        const all = writes();
        const empty = claims.size + inserts.size + deletes.size + revocations.size + changes.size === 0;
        return empty ? 'done' : writer.commit(all);
      },
    };
  }

  return {
    unit,
    find: read,
    async findByUserCode(digest) {
      const { rows } = await query<{ id: string }>('read-user-code', ID_BY_USER_CODE, [digest]);
      return rows[0] && read(rows[0].id);
    },
  };
}
