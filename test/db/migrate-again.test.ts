import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { openDatabase } from '../../src/db/database.ts';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { readMigration } from '../../src/db/migration-source.ts';
import { atEnd } from '../support/at-end.ts';
import { testConfig } from '../support/config.ts';
import { newPlace } from '../support/database.ts';

describe('migrations without a transaction', () => {
  it('run again from their beginning, as after a process that was killed before the last was recorded', async function () {
    this.timeout(60_000);
    const place = await newPlace();
    const database = await openDatabase({ ...(await testConfig()).database, ...place, url: place.url });
    atEnd(() => database.close());
    await migrate(database);
    const files = (await readdir(MIGRATIONS)).sort();
    const migrations = await Promise.all(files.map((file) => readMigration(MIGRATIONS, file)));
    const names = migrations.filter(({ transaction }) => !transaction).map(({ name }) => name);
    expect(names).to.have.length.above(8);
    await database.knex('migrations').whereIn('name', names).delete();
    expect(await migrate(database)).to.deep.equal(names);
  });
});
