import { expect } from 'chai';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { imported } from './importing.ts';

describe('an import with the last admin', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  it('fails only for the row that would suspend the last admin', async () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ external_id: id, given_name: 'Nok' }));
    const ids = (await imported(domain, rows)).reports.map(({ id }) => Number(id));
    await domain.operators.add(ids[1] ?? 0, 'admin');
    const changed = rows.map((row) => ({ ...row, status: 'suspended' }));
    for (const options of [{ dryRun: true }, {}]) {
      const { reports } = await imported(domain, changed, options);
      expect(reports.map(({ status }) => status)).to.deep.equal(['updated', 'failed', 'updated']);
      expect(reports[1]?.errors[0]).to.include({ pointer: '', code: 'LAST_ADMIN' });
    }
    const statuses = await Promise.all(ids.map(async (id) => (await domain.accounts.find(id))?.status));
    expect(statuses).to.deep.equal(['suspended', 'active', 'suspended']);
  });
});
