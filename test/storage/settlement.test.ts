import { expect } from 'chai';
import { inRequestContext, type RequestContext } from '../../src/lib/request-context.ts';
import type { StoredRecord } from '../../src/storage/record.ts';
import { readSettled } from '../../src/storage/settlement.ts';

const LIMIT_MS = 3000;

const used = (secondsAgo: number): StoredRecord =>
  ({ consumed: 1_700_000_000, consumedAge: secondsAgo }) as StoredRecord;
const unused = { consumed: null, consumedAge: null } as StoredRecord;

/** Returns the record for reads that find these one after another; the last one is repeated. */
async function settled(...found: [StoredRecord | undefined, ...StoredRecord[]]) {
  const context: RequestContext = { actor: 'system', waiting: { limitMs: LIMIT_MS } };
  let reads = 0;
  const record = await inRequestContext(context, () =>
    readSettled(async () => {
      reads += 1;
      return found[Math.min(reads, found.length) - 1];
    }),
  );
  return { record, reads, leftMs: context.waiting?.limitMs };
}

describe('a record that is used once', () => {
  it('is read once when it is unused, unknown, or was used long ago', async () => {
    for (const record of [unused, undefined, used(61)])
      expect(await settled(record)).to.deep.equal({ record, reads: 1, leftMs: LIMIT_MS });
  });

  it('is read again when it was used a moment ago, until that is undone', async () => {
    expect(await settled(used(1), used(1), unused)).to.deep.equal({ record: unused, reads: 3, leftMs: 2700 });
  });

  it('stays used after a second, which the request then waits less for the database', async () => {
    expect(await settled(used(1))).to.deep.equal({ record: used(1), reads: 5, leftMs: 2000 });
  });
});
