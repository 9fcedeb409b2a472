import { expect } from 'chai';
import { type NewRecord, recordId } from '../../src/storage/record.ts';
import { type EmptyDomain, emptyDomain } from '../domain/empty-domain.ts';

const AT_ONCE = 30;

describe('a unit of work', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  const record = (more: Partial<NewRecord> = {}): NewRecord => ({
    id: recordId('AccessToken', crypto.randomUUID()),
    kind: 'AccessToken',
    payload: '{"a":1}',
    lifetime: 60,
    ...more,
  });

  async function stored(more: Partial<NewRecord> = {}): Promise<NewRecord> {
    const made = record(more);
    const unit = domain.records.unit();
    unit.insert(made);
    expect(await unit.commit()).to.equal('done');
    return made;
  }

  it('writes nothing when its claim is lost', async () => {
    const { id } = await stored();
    const made: string[] = [];
    const outcomes = await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const unit = domain.records.unit();
        const successor = record();
        unit.claim({ id });
        unit.insert(successor);
        const outcome = await unit.commit();
        if (await domain.records.find(successor.id)) made.push(outcome);
        return outcome;
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).to.have.length(1);
    expect(made).to.deep.equal(['done']);
  });

  it('of which one is refused by the database takes none of the others down', async () => {
    const good = record();
    const units = [good, record({ accountId: 1, generation: 2 ** 40 })].map((each) => {
      const unit = domain.records.unit();
      unit.insert(each);
      return unit.commit().catch(() => 'refused');
    });
    expect(await Promise.all(units)).to.deep.equal(['done', 'refused']);
    expect(await domain.records.find(good.id)).to.not.equal(undefined);
  });

  it('writes its own statements with its records, or neither', async () => {
    const made = record();
    const unit = domain.records.unit();
    unit.insert(made);
    unit.put('broken', { text: 'select 1/0', values: [] });
    expect(await unit.commit().catch(() => 'refused')).to.equal('refused');
    expect(await domain.records.find(made.id)).to.equal(undefined);
  });

  it('ends everything of a grant', async () => {
    const grantId = recordId('Grant', crypto.randomUUID());
    await stored({ id: grantId, kind: 'Grant' });
    const [first, second] = [await stored({ grantId }), await stored({ grantId })];
    const unit = domain.records.unit();
    unit.revoke(grantId);
    await unit.commit();
    for (const { id } of [first, second]) expect(await domain.records.find(id)).to.equal(undefined);
  });
});
