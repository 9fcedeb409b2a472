import { expect } from 'chai';
import { filesUnder } from './tree.ts';

const TABLE = /\b(?:db|tx|trx|transaction|knex)\('(\w+)'\)/g;
const READS = /\.(?:first|select|pluck|count)\(/;
const WRITES = /\.(?:insert|update|delete|del|increment|decrement)\(/;

/** The boundary between two functions: a blank line, or the head of the next method. */
const BOUNDARY = /\n\n|\n(?= {2,4}(?:async )?\w+\([^\n]*\)(?:: [^\n]+)? \{\n)/;

/**
 * Tables that one function reads first and then writes. A concurrent request reads the same state and writes as
 * well. The primitives of `src/db/claims.ts`, or a condition in the statement that writes, let the database decide.
 */
function checkedThenWritten(text: string): string[] {
  return text.split(BOUNDARY).flatMap((block) => {
    const read = new Set<string>();
    const found: string[] = [];
    for (const statement of block.split(';')) {
      const tables = [...statement.matchAll(TABLE)].map(([, table = '']) => table);
      const writes = WRITES.test(statement);
      if (writes) found.push(...tables.filter((table) => read.has(table)));
      if (!writes && READS.test(statement)) for (const table of tables) read.add(table);
    }
    return found;
  });
}

describe('exactly once', () => {
  it('is not left to a check before the write', () => {
    const found = filesUnder(['src/'], ['.ts']).flatMap(({ path, text }) =>
      checkedThenWritten(text).map((table) => `${path}: ${table}`),
    );
    expect(found).to.deep.equal([]);
  });

  it('would be noticed when it were', () => {
    const text = `
      const row = await db('codes').where({ id }).first('used_at');
      if (row.used_at) throw new AppError('USED');
      await db('codes').where({ id }).update({ used_at: now });`;
    expect(checkedThenWritten(text)).to.deep.equal(['codes']);
    expect(
      checkedThenWritten(text.replace("db('codes').where({ id }).first", "db('other').first")),
    ).to.deep.equal([]);
  });
});
