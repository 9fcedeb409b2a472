import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Table {
  columns: string[];
  /** The columns of primary and unique keys, by name. */
  keys: Map<string, string[]>;
  references: string[];
}

const KEY = /constraint (\w+) (?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?) \(([^)]*)\)/g;
const INDEX = /^CREATE UNIQUE INDEX (\w+) ON public\.(\w+) USING btree \(([\s\S]*?)\)(?: WHERE .*)?;$/gm;

/** The tables of the schema, with their keys. */
function tablesOf(schema: string): Map<string, Table> {
  const tables = new Map<string, Table>();
  for (const [, name = '', body = ''] of schema.matchAll(/^create table (\w+) \(\n([\s\S]*?)^\);/gm)) {
    const lines = body.split('\n').map((line) => line.trim());
    tables.set(name, {
      columns: lines
        .filter((line) => line !== '' && !line.startsWith('constraint'))
        .map((line) => line.split(' ', 1)[0] ?? ''),
      keys: new Map(
        [...body.matchAll(KEY)].map(([, key = '', columns = '']) => [
          key,
          columns.replaceAll('"', '').split(', '),
        ]),
      ),
      references: [...body.matchAll(/REFERENCES (\w+)/g)].map(([, table = '']) => table),
    });
  }
  for (const [, index = '', table = '', columns = ''] of schema.matchAll(INDEX))
    tables.get(table)?.keys.set(index, columns.split(', '));
  return tables;
}

const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('the path to Citus in docs/DEPLOYMENT.md', () => {
  const [, section = ''] = read('docs/DEPLOYMENT.md').split('## The path to Citus');
  const rows = [...section.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) =>
    row.split(' | ').map((cell) => cell.trim()),
  );
  const tables = tablesOf(read('docs/schema.sql'));
  const keysWithout = (table: string, column: string): string[] =>
    [...(tables.get(table)?.keys ?? [])]
      .filter(([, columns]) => !columns.includes(column))
      .map(([key]) => key);

  const reference = rows
    .filter(([keys]) => keys === 'reference table')
    .flatMap((row) => codesIn(row.at(-1) ?? ''));
  const suitable = rows
    .filter(([keys]) => keys === 'suitable today')
    .flatMap(([, column = '', names = '']) =>
      codesIn(names).map((table) => [table, codesIn(column)[0] ?? ''] as const),
    );
  const prevented = rows.filter(([table = '']) => /^`\w+`$/.test(table));

  it('names every table once', () => {
    const named = [
      ...reference,
      ...suitable.map(([table]) => table),
      ...prevented.map(([table = '']) => codesIn(table)[0]),
    ];
    expect(tables.size).to.be.above(40);
    expect(named).to.have.members([...tables.keys()]);
    expect(named).to.have.length(tables.size);
  });

  it('calls those suitable whose unique keys have the column', () => {
    expect(suitable).to.not.have.length(0);
    for (const [table, column] of suitable) {
      expect(tables.get(table)?.columns, table).to.include(column);
      expect(keysWithout(table, column), table).to.deep.equal([]);
    }
  });

  it('names the keys that prevent the others', () => {
    expect(prevented).to.not.have.length(0);
    for (const [table = '', column = '', keys = ''] of prevented) {
      const [name = ''] = codesIn(table);
      expect(tables.get(name)?.columns, name).to.include(codesIn(column)[0]);
      expect(codesIn(keys), name).to.have.members(keysWithout(name, codesIn(column)[0] ?? ''));
      expect(codesIn(keys), name).to.not.have.length(0);
    }
  });

  it('names reference tables that lead to no other kind of table', () => {
    for (const table of reference)
      expect(reference, table).to.include.members(tables.get(table)?.references ?? ['no such table']);
  });

  it('knows which of the suitable tables wait for accounts', () => {
    const free = suitable
      .filter(([table]) => tables.get(table)?.references.length === 0)
      .map(([table]) => table);
    const byAccount = suitable.filter(([, column]) => column === 'account_id').map(([table]) => table);
    expect(byAccount.filter((table) => free.includes(table))).to.deep.equal(['refresh_answers']);
    expect(free).to.include.members(['sessions', 'submissions', 'audit', 'counters']);
  });

  it('quotes statements that exist', () => {
    const quoted = rows.filter(([, , file = '']) => /^`[\w/.-]+\.(ts|sql)`$/.test(file));
    expect(quoted).to.have.length(5);
    for (const [, code = '', file = ''] of quoted) {
      const [path = ''] = codesIn(file);
      expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).to.equal(true);
      expect(read(path).toLowerCase(), path).to.include(codesIn(code)[0]?.toLowerCase());
    }
  });
});
