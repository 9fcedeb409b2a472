import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SWEPT_TABLES } from '../../src/domain/sweeping/sweep-store.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('every table', () => {
  // the sections after it have tables of figures
  const [bounds = ''] = read('docs/GROWTH.md').split('\n## ');
  const rows = new Map(
    [...bounds.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, table = '', reason = '']) => [table, reason]),
  );

  it('is bounded by something that docs/GROWTH.md names', () => {
    const tables = [...read('docs/schema.sql').matchAll(/^create table (\w+) \(/gm)].map(([, name]) => name);
    expect(tables.length).to.be.above(20);
    expect([...rows.keys()]).to.have.members(tables);
    for (const [table, reason] of rows) expect(reason.length, table).to.be.above(10);
  });

  it('that is swept is said to be, and no other', () => {
    const said = [...rows].filter(([, reason]) => reason.includes('**swept**')).map(([table]) => table);
    expect(said).to.have.members([...SWEPT_TABLES, 'devices']);
  });
});
