import type { TestServer } from '../server.ts';

/** Removes what operators have added, of which the run's other tests know nothing. */
export async function forgetOperated({
  database,
  domain,
}: Pick<TestServer, 'database' | 'domain'>): Promise<void> {
  await database.knex('upstream_providers').delete();
  await database.knex('versions').where({ name: 'upstream' }).increment('version', 1);
  await domain.operatedProviders.load();
}
