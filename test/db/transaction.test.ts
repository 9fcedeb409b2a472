import { expect } from 'chai';
import { violated } from '../../src/db/constraint.ts';
import type { Db } from '../../src/db/database.ts';
import { translateFailure } from '../../src/db/failures.ts';
import { transaction } from '../../src/db/transaction.ts';
import { AppError } from '../../src/errors/app-error.ts';
import { testDatabase } from '../support/database.ts';

const failing = (tx: Db, state: string): Promise<never> =>
  tx.raw(`do $$ begin raise exception 'made for a test' using errcode = '${state}'; end $$`) as never;

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

describe('a transaction', () => {
  let db: Db;

  before(async () => {
    db = (await testDatabase()).knex;
  });

  for (const state of ['40001', '40P01']) {
    it(`is tried again as a whole after ${state}`, async () => {
      let tries = 0;
      const result = await transaction(db, async (tx) => {
        tries += 1;
        if (tries < 3) await failing(tx, state);
        return 'done';
      });
      expect([result, tries]).to.deep.equal(['done', 3]);
    });
  }

  it('reports that the service is busy when a retry does not help', async () => {
    let tries = 0;
    const error = await transaction(db, async (tx) => {
      tries += 1;
      await failing(tx, '40001');
    }).catch((caught) => caught);
    expect([codeOf(error), tries]).to.deep.equal(['UNAVAILABLE', 3]);
  });

  it('is not tried again for any other failure', async () => {
    let tries = 0;
    const error = await transaction(db, async (tx) => {
      tries += 1;
      await failing(tx, '23514');
    }).catch((caught) => caught);
    expect([codeOf(error), tries]).to.deep.equal(['23514', 1]);
  });
});

describe('failures of the database', () => {
  it('are an outage, a character that cannot be kept, or what they were', () => {
    for (const code of ['57P01', '08006', '53300', '58030', '57014', '55P03', 'ECONNREFUSED', 'ECONNRESET']) {
      const translated = translateFailure({ code });
      expect(translated, code).to.be.instanceOf(AppError);
      expect(codeOf(translated), code).to.equal('UNAVAILABLE');
    }
    const words = ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'];
    for (const message of words)
      expect(codeOf(translateFailure({ message })), message).to.equal('UNAVAILABLE');
    for (const code of ['22021', '22P02', '22P05']) {
      expect(codeOf(translateFailure({ code }))).to.equal('INVALID_CHARACTER');
    }
    const bug = new TypeError('a bug');
    expect(translateFailure(bug)).to.equal(bug);
  });

  it('of unique indexes have a meaning each', () => {
    for (const [constraint, code] of Object.entries({
      accounts_national_id: 'NATIONAL_ID_TAKEN',
      accounts_external_id: 'EXTERNAL_ID_TAKEN',
      contacts_verified: 'CONTACT_TAKEN',
      bindings_external_id: 'BINDING_TAKEN',
      clients_pkey: 'CLIENT_TAKEN',
    })) {
      expect(violated({ code: '23505', constraint })?.code).to.equal(code);
      expect(violated({ code: '23514', constraint })).to.equal(undefined);
    }
    expect(violated({ code: '23505', constraint: 'records_pkey' })).to.equal(undefined);
  });
});
