import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';

/** Links of accounts to ids at other providers; an external id belongs to at most one account. */
export interface Bindings {
  /** Sets the account's link at a provider. Throws `BINDING_TAKEN` when another account has the external id. */
  set(accountId: number, provider: string, externalId: string, status: string): Promise<void>;
}

export const bindings = ({ db }: { db: Db }): Bindings => ({
  async set(accountId, provider, externalId, status) {
    try {
      await db('bindings')
        .insert({ account_id: accountId, provider, external_id: externalId, status })
        .onConflict(['account_id', 'provider'])
        .merge({ external_id: externalId, status, updated_at: db.raw('pratu_now()') });
    } catch (error) {
      throw violated(error) ?? error;
    }
  },
});
