import type { Db } from '../../db/database.ts';

export interface TokenRow {
  id: string;
  provider: string;
  sealed: Buffer;
}

export async function writeToken(db: Db, row: TokenRow & { accountId: number }): Promise<void> {
  const { accountId, ...rest } = row;
  await db('upstream_tokens')
    .insert({ ...rest, account_id: accountId })
    .onConflict(['account_id', 'provider'])
    .merge();
}

/** The tokens of one provider, or of all. */
export const readTokens = (db: Db, accountId: number, provider?: string): Promise<TokenRow[]> =>
  db('upstream_tokens')
    .where({ account_id: accountId, ...(provider === undefined ? {} : { provider }) })
    .select('id', 'provider', 'sealed');
