import { expect } from 'chai';
import { isDemonstrated } from '../../../src/domain/demonstration/where.ts';
import { testConfig } from '../../support/config.ts';

describe('the demonstration data', () => {
  const goes = async (url: string | undefined): Promise<boolean> => {
    const { database } = await testConfig();
    return isDemonstrated({ environment: 'development', database: { ...database, url } });
  };

  it('goes into a database on this machine', async () => {
    for (const url of [
      undefined,
      'postgres://localhost/pratu',
      'postgres:///pratu?host=/run/postgresql',
      'postgres://127.0.0.1:1,[::1]:2/pratu',
    ]) {
      expect(await goes(url), url).to.equal(true);
    }
  });

  it('does not go into a database with any host elsewhere', async () => {
    for (const url of ['postgres://db.internal/pratu', 'postgres://localhost,db.internal/pratu']) {
      expect(await goes(url), url).to.equal(false);
    }
  });
});
