import type { TestServer } from './server.ts';

/** Runs `work` while the account is the only operator, then restores the roles of all operators. */
export async function asLastAdmin(
  { database, domain }: TestServer,
  accountId: number,
  work: () => Promise<void>,
): Promise<void> {
  const others = await database.knex('operators').select();
  await database.knex('operators').del();
  await domain.operators.add(accountId, 'admin');
  try {
    await work();
  } finally {
    await database.knex('operators').del();
    if (others.length > 0) await database.knex('operators').insert(others);
  }
}
