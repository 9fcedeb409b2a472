import type { Database } from '../../src/db/database.ts';
import { readPasswordHash } from '../../src/domain/credentials/credentials.ts';
import { bulkhead } from '../../src/lib/bulkhead.ts';
import { passwordHasher } from '../../src/lib/passwords/password-hasher.ts';

const hasher = passwordHasher({
  ...{ memoryKiB: 256, passes: 1, parallelism: 1 },
  bulkhead: bulkhead({ size: 1, queue: 100, waitMs: 60_000, refusal: () => new Error('full') }),
});

/** Whether this is the password of the account, without an attempt to sign in. */
export async function hasPassword(
  { knex }: Pick<Database, 'knex'>,
  accountId: number,
  password: string,
): Promise<boolean> {
  const stored = await readPasswordHash(knex, accountId);
  return stored !== undefined && (await hasher.verify(password, stored)).right;
}
