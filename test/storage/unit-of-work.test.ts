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

  /** An audit event that is unique in this run. */
  function noting() {
    const event = crypto.randomUUID();
    return {
      change: { text: 'insert into audit (event) values ($1)', values: [event] },
      isThere: async () => (await domain.database.knex('audit').where({ event })).length > 0,
    };
  }

  // a unit with claims may be refused, so its changes wait for the claims
  for (const claims of [false, true])
    describe(`that ${claims ? 'claims' : 'claims nothing'} and changes other tables`, () => {
      async function unitOf(made: NewRecord) {
        const unit = domain.records.unit();
        const claimed = claims ? await stored() : undefined;
        if (claimed) unit.claim({ id: claimed.id });
        unit.insert(made);
        return { unit, claimed };
      }

      it('writes these with its records', async () => {
        const made = record();
        const [one, other] = [noting(), noting()];
        const { unit } = await unitOf(made);
        unit.put('replaced', { text: 'delete from audit', values: [] });
        unit.put('replaced', one.change);
        unit.put('other', { ...other.change, as: 'noted' });
        expect(await unit.commit()).to.equal('done');
        expect(await domain.records.find(made.id)).to.include({ id: made.id });
        expect([await one.isThere(), await other.isThere()]).to.deep.equal([true, true]);
      });

      it('writes nothing when the database refuses one of them', async () => {
        const made = record();
        const { change, isThere } = noting();
        const { unit, claimed } = await unitOf(made);
        unit.put('good', change);
        unit.put('broken', { text: 'insert into audit (event) values ($1)', values: [null] });
        expect(await unit.commit().catch(() => 'refused')).to.equal('refused');
        expect(await domain.records.find(made.id)).to.equal(undefined);
        expect(await isThere()).to.equal(false);
        if (claimed) expect((await domain.records.find(claimed.id))?.consumed).to.equal(null);
      });
    });

  it('changes no other table when its claim is lost', async () => {
    const { id } = await stored();
    const first = domain.records.unit();
    first.claim({ id });
    expect(await first.commit()).to.equal('done');
    const { change, isThere } = noting();
    const second = domain.records.unit();
    second.claim({ id });
    second.put('noted', change);
    expect(await second.commit()).to.equal('lost');
    expect(await isThere()).to.equal(false);
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
