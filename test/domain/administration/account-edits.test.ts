import { expect } from 'chai';
import { accountEdits } from '../../../src/domain/administration/account-edits.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('a change of an account by an operator', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  it('accepts dates of birth up to today in the configured time zone', async () => {
    const { id } = await domain.lifecycle.create({});
    const { knex: db } = domain.database;
    const now = () => new Date('2026-06-30T20:00:00Z');
    const edit = (timeZone: string) =>
      codeOf(accountEdits({ db, now, timeZone }).edit(id, { birthdate: '2026-07-01' }));
    expect(await edit('Europe/London')).to.equal('INVALID_BIRTH_DATE');
    expect(await edit('Asia/Bangkok')).to.equal('none');
  });
});
