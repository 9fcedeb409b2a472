import { hash } from 'node:crypto';
import type { Change } from '../db/one-statement.ts';

/**
 * A record is a stored thing of the protocol: a code, a token, a grant, an interaction, a pushed request, a proof
 * that was seen. Its row is found by the first 128 bits of sha256(kind : value): no token value is stored, and a
 * value of one kind never finds a row of another.
 */
export const recordId = (kind: string, value: string): string =>
  hash('sha256', `${kind}:${value}`).slice(0, 32);

/** A record to be written. */
export interface NewRecord {
  id: string;
  kind: string;
  /** JSON text. */
  payload: string;
  /** `recordId('Grant', …)` of the grant it hangs on. */
  grantId?: string | undefined;
  /** Row of the code or device code that it was issued for, also by refreshes. */
  codeId?: string | undefined;
  accountId?: number | undefined;
  /** The account's generation when it was made. */
  generation?: number | undefined;
  clientId?: string | undefined;
  sessionUid?: string | undefined;
  /** Keyed digest of a device's user code, base64. */
  userCode?: string | undefined;
  /** Seconds from now on the database's clock. */
  lifetime: number;
  /** Must not be there yet: a unit that comes second with it is refused. */
  once?: boolean;
}

export type Payload = Record<string, unknown>;

/** A record that was read, with what decides whether it still lives. */
export interface StoredRecord {
  id: string;
  kind: string;
  payload: Payload;
  /** Epoch seconds; null while it is unused. */
  consumed: number | null;
  /** Seconds since it was consumed. */
  consumedAge: number | null;
  /** The sealed first answer of a rotating refresh, for as long as it may be repeated. */
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
 * A record lives while its account is active and has not been signed out everywhere since, and while the grant it
 * hangs on exists.
 */
export function isLive(record: StoredRecord): boolean {
  if (record.grantId !== null && record.grantPayload === null) return false;
  if (record.accountId === null) return true;
  return record.accountStatus === 'active' && record.generation === record.accountGeneration;
}

/**
 * The grant that a record hangs on, which was read with it; undefined when it hangs on none, or on one that is gone.
 */
export function grantOf(record: StoredRecord): StoredRecord | undefined {
  if (record.grantId === null || record.grantPayload === null) return undefined;
  const { grantId, grantPayload, grantGeneration, accountId, accountStatus, accountGeneration } = record;
  return {
    id: grantId,
    kind: 'Grant',
    payload: grantPayload,
    generation: grantGeneration,
    // a grant and what hangs on it are the same account's
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

/** The right to use a record once, and what to keep for a repetition. */
export interface Claim {
  id: string;
  /** Sealed bytes, base64. */
  answer?: string | undefined;
  /** Seconds that the answer is kept. */
  lifetime?: number | undefined;
  successor?: string | undefined;
}

/** Why nothing of a unit was written: its claim came too late, or a proof in it was seen before. */
export type Outcome = 'done' | 'lost' | 'repeated';

/** Which records go with a revocation. */
export interface Revocation {
  /** `recordId('Grant', …)` */
  grantId: string;
  /** Only those that were issued for this code; all of the grant without it. */
  codeId?: string | undefined;
}

/** What one request writes, all of it or nothing. */
export interface Writes {
  claims: Claim[];
  inserts: NewRecord[];
  /** Ids of records. */
  deletes: string[];
  revocations: Revocation[];
  /** Of other tables. */
  changes: Change[];
  /**
   * A record that only this unit can create: if it exists, the unit was committed. Undefined for a unit
   * that may simply be written again, and for one that makes no such record.
   */
  witness: string | undefined;
  /** Ids of records that only this unit creates: they go when it is undone. */
  created: string[];
}
