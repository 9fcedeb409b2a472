import type { Db } from '../../db/database.ts';
import type { Locale } from '../values/locale.ts';
import type { ConsentChannel, ConsentRecord } from './consent-record.ts';

export interface NewRecord {
  purpose: string;
  version: string;
  language: Locale;
  channel: ConsentChannel;
  clientId?: string | undefined;
}

/** The columns of a record, by its members. */
export const COLUMNS = {
  id: 'id',
  purpose: 'purpose',
  version: 'version',
  language: 'language',
  channel: 'channel',
  clientId: 'client_id',
  givenAt: 'given_at',
  withdrawnAt: 'withdrawn_at',
  withdrawnChannel: 'withdrawn_channel',
} as const;

/** Adds records, and keeps a record that is already open. Returns the purposes of the records added. */
export async function insertRecords(
  db: Db,
  accountId: number,
  records: readonly NewRecord[],
): Promise<string[]> {
  if (records.length === 0) return [];
  const added: { purpose: string }[] = await db('consent_records')
    .insert(
      records.map(({ clientId, ...record }) => ({
        ...record,
        client_id: clientId ?? null,
        account_id: accountId,
      })),
    )
    .onConflict(db.raw('(account_id, purpose, version) where withdrawn_at is null'))
    .ignore()
    .returning('purpose');
  return added.map(({ purpose }) => purpose);
}

/** Marks open records as withdrawn, once. Returns the versions that were withdrawn. */
export async function withdrawRecords(
  db: Db,
  accountId: number,
  purpose: string,
  channel: ConsentChannel,
): Promise<string[]> {
  const rows: { version: string }[] = await db('consent_records')
    .where({ account_id: accountId, purpose })
    .whereNull('withdrawn_at')
    .update({ withdrawn_at: db.raw('pratu_now()'), withdrawn_channel: channel })
    .returning('version');
  return rows.map(({ version }) => version);
}

/** Newest first. */
export const readRecords = (db: Db, accountId: number): Promise<ConsentRecord[]> =>
  db('consent_records').where({ account_id: accountId }).orderBy('id', 'desc').select(COLUMNS);
