import { expect } from 'chai';
import { ADMIN_SCOPES, scopesOfRole } from '../../../src/domain/operators/role.ts';
import { inRequestContext } from '../../../src/lib/request-context.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('operators', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(() => domain.empty());

  after(() => domain.leave());

  const account = async (): Promise<number> => (await domain.lifecycle.create({})).id;

  async function admin(): Promise<number> {
    const id = await account();
    await domain.operators.add(id, 'admin');
    return id;
  }

  it('have the scopes of their role and of those below it', () => {
    expect(scopesOfRole(undefined).size).to.equal(0);
    expect([...scopesOfRole('viewer')]).to.have.members([
      'admin:overview:read',
      'admin:clients:read',
      'admin:audit:read',
    ]);
    expect(scopesOfRole('support').has('admin:accounts:write')).to.equal(true);
    expect(scopesOfRole('support').has('admin:accounts:erase')).to.equal(false);
    expect([...scopesOfRole('admin')]).to.have.members([...ADMIN_SCOPES]);
  });

  it('are added, changed and removed, each time with an event that names who did it', async () => {
    await admin();
    const id = await account();
    await inRequestContext({ requestId: 'r-1', actor: 'command:root' }, async () => {
      await domain.operators.add(id, 'viewer');
      await domain.operators.add(id, 'viewer');
      await domain.operators.add(id, 'support');
      expect(await domain.operators.roleOf(id)).to.equal('support');
      await domain.operators.remove(id);
    });
    expect(await domain.operators.roleOf(id)).to.equal(undefined);
    const events = await domain.database
      .knex('audit')
      .where({ account_id: id, actor: 'command:root' })
      .orderBy('id')
      .select('event', 'details');
    expect(events).to.deep.equal([
      { event: 'operator.added', details: { role: 'viewer' } },
      { event: 'operator.changed', details: { role: 'support' } },
      { event: 'operator.removed', details: {} },
    ]);
  });

  it('do not exist without an account, or with a removed one', async () => {
    expect(await codeOf(domain.operators.add(4711, 'admin'))).to.equal('ACCOUNT_NOT_FOUND');
    await admin();
    const id = await account();
    expect(await codeOf(domain.operators.remove(id))).to.equal('OPERATOR_NOT_FOUND');
    await domain.operators.add(id, 'admin');
    await domain.lifecycle.suspend(id);
    expect(await domain.operators.roleOf(id)).to.equal(undefined);
    await domain.lifecycle.activate(id);
    expect(await domain.operators.roleOf(id)).to.equal('admin');
    await domain.lifecycle.remove(id);
    expect(await domain.operators.find(id)).to.equal(undefined);
  });

  it('keep one admin, however the last one would go', async () => {
    const id = await admin();
    const other = await account();
    await domain.operators.add(other, 'support');
    const ways = [
      () => domain.operators.remove(id),
      () => domain.operators.add(id, 'support'),
      () => domain.lifecycle.suspend(id),
      () => domain.lifecycle.remove(id),
    ];
    for (const way of ways) expect(await codeOf(way())).to.equal('LAST_ADMIN');
    expect(await domain.operators.roleOf(id)).to.equal('admin');
  });

  it('keep one admin when two remove each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await domain.empty();
      const [one, two] = [await admin(), await admin()];
      const codes = await Promise.all([
        codeOf(domain.operators.remove(one)),
        codeOf(domain.lifecycle.suspend(two)),
      ]);
      expect(codes.toSorted()).to.deep.equal(['LAST_ADMIN', 'none']);
    }
  });

  it('that were removed in the meantime get no role back by a change', async () => {
    await admin();
    const id = await account();
    await domain.operators.add(id, 'viewer');
    await Promise.allSettled([domain.operators.remove(id), domain.operators.change(id, 'support')]);
    expect(await domain.operators.roleOf(id)).to.equal(undefined);
    expect(await codeOf(domain.operators.change(id, 'support'))).to.equal('OPERATOR_NOT_FOUND');
    expect(await domain.operators.roleOf(id)).to.equal(undefined);
  });
});
