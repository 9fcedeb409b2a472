import { hash } from 'node:crypto';
import type { Change } from '../db/one-statement.ts';

/**
 * The id of a record: a stored code, token, grant, interaction, pushed request or used proof. It is the first 128 bits
 * of sha256(kind : value): token values are not stored, and a value of one kind never matches a row of another.
 */
export const recordId = (kind: string, value: string): string =>
  hash('sha256', `${kind}:${value}`).slice(0, 32);

/** A record to be written. */
export interface NewRecord {
  id: string;
  kind: string;
  /** JSON text. */
  payload: string;
  /** `recordId('Grant', …)` of the grant that it belongs to. */
  grantId?: string | undefined;
  /** The row of the code or device code that it was issued for, also after refreshes. */
  codeId?: string | undefined;
  accountId?: number | undefined;
  /** The account's generation when the record was created. */
  generation?: number | undefined;
  clientId?: string | undefined;
  sessionUid?: string | undefined;
  /** The keyed digest of a device's user code, in base64. */
  userCode?: string | undefined;
  /** Seconds from now, by the database's clock. */
  lifetime: number;
  /** The record must not exist yet; a second unit that inserts it is refused. */
  once?: boolean;
}

export type Payload = Record<string, unknown>;

/** A record as read, with the data that decides whether it is still live. */
export interface StoredRecord {
  id: string;
  kind: string;
  payload: Payload;
  /** In epoch seconds; null while it is unused. */
  consumed: number | null;
  /** Seconds since it was consumed. */
  consumedAge: number | null;
  /** The sealed first response of a rotating refresh, while it may be repeated. */
  answer: Buffer | null;
  /** True while the successor of this refresh token is unused. */
  successorUnused: boolean;
  codeId: string | null;
  grantId: string | null;
  grantPayload: Payload | null;
  grantGeneration: number | null;
  accountId: number | null;
  generation: number | null;
  accountStatus: string | null;
  accountGeneration: number | null;
}

/**
 * Whether a record is live: its account is active and has not been signed out everywhere since, and the grant that it
 * belongs to exists.
 */
export function isLive(record: StoredRecord): boolean {
  if (record.grantId !== null && record.grantPayload === null) return false;
  if (record.accountId === null) return true;
  return record.accountStatus === 'active' && record.generation === record.accountGeneration;
}

/** The grant of a record, which was read with it; undefined if the record has none or the grant no longer exists. */
export function grantOf(record: StoredRecord): StoredRecord | undefined {
  if (record.grantId === null || record.grantPayload === null) return undefined;
  const { grantId, grantPayload, grantGeneration, accountId, accountStatus, accountGeneration } = record;
  return {
    id: grantId,
    kind: 'Grant',
    payload: grantPayload,
    generation: grantGeneration,
    // a grant and its records belong to the same account
    accountId,
    accountStatus,
    accountGeneration,
    consumed: null,
    consumedAge: null,
    answer: null,
    successorUnused: false,
    codeId: null,
    grantId: null,
    grantPayload: null,
    grantGeneration: null,
  };
}

/** The right to use a record once, and the response to keep for a repetition. */
export interface Claim {
  id: string;
  /** The sealed response, in base64. */
  answer?: string | undefined;
  /** The seconds for which the response is kept. */
  lifetime?: number | undefined;
  successor?: string | undefined;
}

/**
 * The outcome of a unit. If it is `lost`, its claim came too late; if `repeated`, one of its proofs was used before. In
 * both cases nothing was written.
 */
export type Outcome = 'done' | 'lost' | 'repeated';

/** The records to remove in a revocation. */
export interface Revocation {
  /** `recordId('Grant', …)` */
  grantId: string;
  /** Limits the revocation to records issued for this code; defaults to all records of the grant. */
  codeId?: string | undefined;
}

/** The writes of one request, committed as a whole or not at all. */
export interface Writes {
  claims: Claim[];
  inserts: NewRecord[];
  /** Ids of records. */
  deletes: string[];
  revocations: Revocation[];
  /** Changes of other tables. */
  changes: Change[];
  /**
   * A record that only this unit can create: if it exists, the unit was committed. Undefined for a unit that can safely
   * be written again, and for one that creates no such record.
   */
  witness: string | undefined;
  /** The ids of records that only this unit creates; they are removed when it is undone. */
  created: string[];
}
