import { expect } from 'chai';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('bindings', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  const newId = async (): Promise<number> => (await domain.lifecycle.create({})).id;
  const line = (externalId: string) => ({ provider: 'line', externalId, status: '1' });

  it('are listed by the name of their provider', async () => {
    const id = await newId();
    await domain.bindings.set(id, { provider: 'truemoney', externalId: 'tmn.1', status: '1' });
    await domain.bindings.set(id, line('line.1'));
    const listed = await domain.bindings.list(id);
    expect(listed.map(({ provider, externalId }) => [provider, externalId])).to.deep.equal([
      ['line', 'line.1'],
      ['truemoney', 'tmn.1'],
    ]);
    expect(listed[0]?.createdAt).to.be.an.instanceof(Date);
  });

  it('free an external id when they are removed, changed, or their account is deleted', async () => {
    const [first, second] = [await newId(), await newId()];
    await domain.bindings.set(first, line('a'));
    expect(await codeOf(domain.bindings.set(second, line('a')))).to.equal('BINDING_TAKEN');
    await domain.bindings.set(first, line('b'));
    await domain.bindings.set(second, line('a'));
    await domain.bindings.remove(second, 'line');
    await domain.bindings.set(first, line('a'));
    await domain.lifecycle.remove(first);
    await domain.bindings.set(second, line('a'));
    expect(await domain.bindings.list(first)).to.deep.equal([]);
  });

  it('are a single one when one account sets two simultaneously', async () => {
    const id = await newId();
    const names = ['c', 'd', 'e', 'f'];
    await Promise.all(names.map((name) => domain.bindings.set(id, line(name))));
    const [left, ...others] = await domain.bindings.list(id);
    expect(others).to.deep.equal([]);
    expect(names).to.include(left?.externalId);
  });

  it('are refused for an account that has been deleted, or never existed', async () => {
    const id = await newId();
    await domain.lifecycle.remove(id);
    for (const gone of [id, 10 ** 15])
      expect(await codeOf(domain.bindings.set(gone, line('g')))).to.equal('ACCOUNT_NOT_FOUND');
    const other = await newId();
    const outcomes = await Promise.all([
      codeOf(domain.bindings.set(other, line('h'))),
      codeOf(domain.lifecycle.remove(other)),
    ]);
    expect(outcomes[1]).to.equal('none');
    expect(await domain.bindings.list(other)).to.deep.equal([]);
  });
});
