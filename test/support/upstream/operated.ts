import type { TestServer } from '../server.ts';

/** Removes the providers that operators have added, which other tests of the run do not expect. */
export async function forgetOperated({
  database,
  domain,
}: Pick<TestServer, 'database' | 'domain'>): Promise<void> {
  await database.knex('upstream_providers').delete();
  await database.knex('versions').where({ name: 'upstream' }).increment('version', 1);
  await domain.operatedProviders.load();
}
