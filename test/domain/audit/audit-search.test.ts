import { expect } from 'chai';
import { audit } from '../../../src/domain/audit/audit.ts';
import type { AuditFilter } from '../../../src/domain/audit/audit-search.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('the audit trail', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(() => domain.empty());

  after(() => domain.leave());

  const record = (clientId: string, times = 1): Promise<void> =>
    audit({ db: domain.database.knex }).recordAll(
      Array.from({ length: times }, () => ({
        event: 'client.changed' as const,
        clientId,
        actor: 'operator:7' as const,
      })),
    );

  const found = async (filter: AuditFilter): Promise<(string | null)[]> =>
    (await domain.auditSearch.page(filter, { limit: 50 })).data.map(({ clientId }) => clientId);

  it('is searched by everything that an event says', async () => {
    await record('a');
    await record('b');
    expect(await found({})).to.deep.equal(['b', 'a']);
    expect(await found({ clientId: 'a' })).to.deep.equal(['a']);
    expect(await found({ actor: 'operator:7', event: 'client.changed' })).to.have.length(2);
    expect(await found({ actor: 'operator:8' })).to.deep.equal([]);
    expect(await found({ since: new Date(Date.now() + 3_600_000) })).to.deep.equal([]);
    expect(await found({ until: new Date(Date.now() + 3_600_000) })).to.have.length(2);
  });

  it('is read page by page while it grows, and streamed to its end', async () => {
    await record('a', 7);
    const seen: number[] = [];
    let after: string | undefined;
    do {
      const page = await domain.auditSearch.page({ clientId: 'a' }, { limit: 3, after });
      seen.push(...page.data.map(({ id }) => id));
      after = page.next ?? undefined;
      await record('a');
    } while (after !== undefined);
    expect(seen).to.have.length(7);
    expect(seen).to.deep.equal(seen.toSorted((one, other) => other - one));

    let streamed = 0;
    for await (const { clientId } of domain.auditSearch.all({ clientId: 'a' }))
      streamed += clientId === 'a' ? 1 : 0;
    expect(streamed).to.equal(10);
  });

  it('refuses a cursor of another search', async () => {
    await record('a', 2);
    const { next } = await domain.auditSearch.page({}, { limit: 1 });
    const other = domain.auditSearch.page({ clientId: 'a' }, { limit: 1, after: next as string });
    expect(await codeOf(other)).to.equal('INVALID_CURSOR');
  });
});
