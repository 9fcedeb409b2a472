import { expect } from 'chai';
import { parseExternalId } from '../../../src/domain/values/external-id.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('external ids', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(() => domain.empty());

  after(() => domain.leave());

  it('name one account, anyone who creates it first', async () => {
    const create = () => domain.lifecycle.create({ externalId: 'crm-7', profile: { firstName: 'สมชาย' } });
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(create())));
    expect(codes.toSorted()).to.deep.equal([...Array(7).fill('EXTERNAL_ID_TAKEN'), 'none']);
    const id = (await domain.accounts.withExternalId('crm-7')) as number;
    expect(await domain.accounts.find(id)).to.include({ externalId: 'crm-7' });
  });

  it('are free again when the account is removed', async () => {
    const { id } = await domain.lifecycle.create({ externalId: 'crm-7' });
    await domain.lifecycle.remove(id);
    expect(await domain.accounts.withExternalId('crm-7')).to.equal(undefined);
    expect((await domain.lifecycle.create({ externalId: 'crm-7' })).id).to.not.equal(id);
  });

  it('are stored as they are written', () => {
    expect(parseExternalId('CRM/0042-ก')).to.equal('CRM/0042-ก');
    for (const input of ['', ' 7', '7 ', 'a\u200bb', 'a\nb', 'x'.repeat(201)])
      expect(parseExternalId(input), JSON.stringify(input)).to.equal(undefined);
  });
});
