import { expect } from 'chai';
import { inOneLine, statementsIn } from '../../src/db/sql-statements.ts';

const textsIn = (sql: string): string[] => statementsIn(sql).map(({ text }) => text);

describe('the statements of a migration', () => {
  it('end with semicolons, and not with those in quotes, comments and bodies', () => {
    const body = 'create function f() returns void language plpgsql as $$\nbegin\n  perform 1;\nend $$';
    expect(
      textsIn(`-- one; two\nselect ';';\n${body};\n/* ; */ select "a;b"; select 3 - 1 -- 4;\n`),
    ).to.deep.equal(["select ';'", body, 'select "a;b"', 'select 3 - 1 -- 4;']);
    expect(textsIn("select 'it''s; fine', $tag$ $$ ; $tag$ / 2;")).to.have.length(1);
    expect(textsIn('\n-- nothing\n;;')).to.deep.equal([]);
  });

  it('may be told to run in batches', () => {
    const [first, second] = statementsIn(
      '-- without a transaction\n\n-- in batches of records.id\nupdate a set b = 1;\n-- in\nselect 1;',
    );
    expect(first).to.deep.equal({ text: 'update a set b = 1', batches: { table: 'records', key: 'id' } });
    expect(second).to.deep.equal({ text: 'select 1' });
  });

  it('are shown in one line', () => {
    expect(inOneLine('alter table a\n  -- why\n  add b int')).to.equal('alter table a add b int');
    expect(inOneLine('x'.repeat(200), 10)).to.equal(`${'x'.repeat(9)}…`);
  });
});
