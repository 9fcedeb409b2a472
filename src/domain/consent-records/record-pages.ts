import type { LaggingRead } from '../../db/replica.ts';
import { type Page, type PageWanted, pageOf, positionIn } from '../values/cursor.ts';
import type { ConsentRecord } from './consent-record.ts';
import { COLUMNS } from './consent-record-store.ts';

/** The consent records of an account for operators, in pages. */
export interface ConsentRecordPages {
  /** Newest first. Throws `INVALID_CURSOR`. */
  page(accountId: number, wanted: PageWanted): Promise<Page<ConsentRecord>>;
}

export const consentRecordPages = ({ lagging }: { lagging: LaggingRead }): ConsentRecordPages => ({
  async page(accountId, { limit, after }) {
    const list = `consents ${accountId}`;
    const [last] = positionIn(list, after, 1) ?? [];
    const found: ConsentRecord[] = await lagging(async (db) => {
      const rows = db('consent_records').where({ account_id: accountId });
      if (last !== undefined) rows.where('id', '<', Number(last));
      return rows
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .select(COLUMNS);
    });
    return pageOf(list, found, limit, ({ id }) => [id]);
  },
});
