import { expect } from 'chai';
import { type Locations, locations } from '../../../src/domain/locations/locations.ts';
import { testDatabase } from '../../support/database.ts';

describe('locations', () => {
  let all: Locations;

  before(async () => {
    const { knex } = await testDatabase();
    all = locations({ db: knex });
  });

  it('have a code and a name in both languages, once each', async () => {
    const list = await all.list();
    for (const { code, nameTh, nameEn } of list) {
      expect(code).to.match(/^TH-[1-9]\d$/);
      expect(nameTh).to.match(/^[\p{Script=Thai}]+$/u);
      expect(nameEn).to.match(/^[A-Z][A-Za-z ]+$/);
    }
    for (const member of ['code', 'nameTh', 'nameEn'] as const)
      expect(new Set(list.map((location) => location[member])).size).to.equal(77);
    expect(list.map(({ code }) => code)).to.deep.equal(list.map(({ code }) => code).sort());
  });

  it('exist or do not', async () => {
    for (const id of [1, 7, 77]) expect(await all.has(id)).to.equal(true);
    for (const id of [0, -1, 78, 7.5, Number.NaN, 1e300]) expect(await all.has(id)).to.equal(false);
  });
});
