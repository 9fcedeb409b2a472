import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { GROUPS } from '../../conformance/all.ts';

const ROOT = new URL('../../', import.meta.url);
const PAGE = readFileSync(new URL('docs/STANDARDS.md', ROOT), 'utf8');

/** The rows of the tables with four columns: specification, covered, left out, tests. */
const ROWS = PAGE.split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| specification'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .filter((cells) => cells.length === 4);
const NAMES = ROWS.map(([name = '']) => name);

const testsOf = ([, , , tests = '']: string[]): string[] =>
  [...tests.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);

/** The specifications of a check, without their sections. */
const specificationsOf = (section: string): string[] =>
  section.split(', ').map((one) => one.replace(/ §.*$/, ''));

describe('docs/STANDARDS.md', () => {
  it('names each specification once, with what is covered', () => {
    expect(ROWS.length).to.be.above(30);
    expect(new Set(NAMES).size).to.equal(NAMES.length);
    for (const [name, covered] of ROWS) expect(covered, name).to.not.equal('');
  });

  it('names tests that exist, for every specification', () => {
    for (const row of ROWS) {
      const tests = testsOf(row);
      expect(tests, row[0]).to.not.be.empty;
      for (const path of tests) expect(existsSync(new URL(path, ROOT)), path).to.equal(true);
    }
  });

  it('names every specification that a check of conformance/ refers to', () => {
    const referred = GROUPS.flatMap(({ checks }) =>
      checks.flatMap(({ section }) => specificationsOf(section)),
    );
    expect(referred.length).to.be.above(100);
    expect([...new Set(referred)].filter((name) => !NAMES.includes(name))).to.deep.equal([]);
  });
});
