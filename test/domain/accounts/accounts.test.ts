import { expect } from 'chai';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const NATIONAL_ID = '1101700230708';
const AT_ONCE = 10;

describe('accounts', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(() => domain.empty());

  after(() => domain.leave());

  const create = (email: string, nationalId = NATIONAL_ID) =>
    domain.lifecycle.create({
      nationalId,
      password: 'tall-green-mountain-7',
      profile: { firstName: 'สมหญิง' },
      contacts: [
        { kind: 'email', value: email, verified: true },
        { kind: 'mobile', value: '0822222222', verified: email === 'a@example.com' },
      ],
    });

  it('are one for a national ID, also with simultaneous requests', async () => {
    const codes = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => codeOf(create(`person-${index}@example.com`))),
    );
    expect(codes.filter((code) => code === 'none')).to.have.length(1);
    expect(codes.filter((code) => code === 'NATIONAL_ID_TAKEN')).to.have.length(AT_ONCE - 1);
    expect(await domain.database.knex('accounts').count()).to.deep.equal([{ count: 1 }]);
  });

  it('are one for a verified e-mail', async () => {
    const work = () =>
      domain.lifecycle.create({ contacts: [{ kind: 'email', value: 'One@example.com', verified: true }] });
    const codes = await Promise.all(Array.from({ length: AT_ONCE }, () => codeOf(work())));
    expect(codes.filter((code) => code === 'CONTACT_TAKEN')).to.have.length(AT_ONCE - 1);
  });

  it('hold the national id sealed and found by a digest', async () => {
    const { id } = await create('a@example.com');
    const row = await domain.database.knex('accounts').where({ id }).first();
    expect(JSON.stringify(row)).to.not.contain(NATIONAL_ID);
    expect(row.national_id_sealed.toString('latin1')).to.not.contain(NATIONAL_ID);
    expect(await domain.nationalIds.read(id)).to.equal(NATIONAL_ID);
    expect(await domain.nationalIds.find(NATIONAL_ID)).to.equal(id);
  });

  it('leave a tombstone, whose number and contacts are free', async () => {
    const { id } = await create('a@example.com');
    await domain.bindings.set(id, { provider: 'line', externalId: 'line-1', status: '1' });
    await domain.lifecycle.remove(id);
    const row = await domain.database.knex('accounts').where({ id }).first();
    expect(row).to.include({ status: 'deleted', first_name: null, generation: 2 });
    for (const table of ['contacts', 'credentials', 'cards', 'bindings', 'consents', 'sessions', 'records']) {
      expect(await domain.database.knex(table).where({ account_id: id }), table).to.deep.equal([]);
    }
    expect(await codeOf(domain.lifecycle.remove(id))).to.equal('ACCOUNT_DELETED');
    expect(await codeOf(domain.lifecycle.activate(id))).to.equal('ACCOUNT_DELETED');
    expect((await create('a@example.com')).id).to.not.equal(id);
  });

  it('can be released from a number that went to someone else', async () => {
    const { id } = await create('a@example.com');
    expect(await domain.releases.mobile(id)).to.equal(true);
    expect(await domain.releases.mobile(id)).to.equal(false);
    expect(await domain.releases.nationalId(id)).to.equal(true);
    expect(await domain.releases.nationalId(id)).to.equal(false);
    expect(await domain.nationalIds.find(NATIONAL_ID)).to.equal(undefined);
    const events = await domain.database.knex('audit').where({ account_id: id }).pluck('event');
    expect(events).to.include.members(['account.mobile_released', 'account.national_id_released']);
  });

  it('that do not exist are not changed', async () => {
    for (const act of ['suspend', 'activate', 'remove', 'signOutEverywhere'] as const) {
      expect(await codeOf(domain.lifecycle[act](4711)), act).to.equal('ACCOUNT_NOT_FOUND');
    }
  });
});
