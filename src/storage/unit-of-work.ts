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
 * What one request reads and writes. Reads go to the database at once and see the unit's own writes; writes are
 * collected and committed together when the answer is known, or dropped with the unit.
 */
export interface UnitOfWork {
  /** The record, live or not; undefined when there is none. */
  read(id: string): Promise<StoredRecord | undefined>;
  /** The same of what is used once, such as a code: see `readSettled`. */
  readSettled(id: string): Promise<StoredRecord | undefined>;
  /** What this unit is about to write under `id`, if anything. */
  pending(id: string): NewRecord | undefined;
  insert(record: NewRecord): void;
  /** Whether it is about to write a record of one of these kinds that it has not read. */
  creates(kinds: readonly string[]): boolean;
  /** Inserts a record that must be new: the unit is refused as `repeated` when it is there already. */
  insertOnce(record: NewRecord): void;
  claim(claim: Claim): void;
  remove(id: string): void;
  /**
   * Removes every record of a grant (`recordId('Grant', …)`), or only those that were issued for one of its codes (the
   * code's id).
   */
  revoke(grantId: string, codeId?: string): void;
  /** Adds changes of other tables to what is committed, in place of earlier ones of the same name. */
  put(name: string, ...changes: Change[]): void;
  /** Rejects with `UNAVAILABLE` when the database is down; then nothing was written. */
  commit(): Promise<Outcome>;
  /** Generations of accounts that were read on the way, for the rows that this unit makes. */
  generations: Map<number, number>;
}

export interface Records {
  unit(): UnitOfWork;
  /** One record, outside any unit. */
  find(id: string): Promise<StoredRecord | undefined>;
  /** The record of a device code by the digest of its user code, base64. */
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

    /** A record that was read is not new, and a proof that is there may be another request's. */
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
