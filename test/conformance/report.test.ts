import { expect } from 'chai';
import { type Check, notApplicable } from '../../conformance/check.ts';
import { jsonOf, type Line, tableOf } from '../../conformance/report.ts';
import { resultOf } from '../../conformance/result.ts';
import type { Target } from '../../conformance/target.ts';

const check = (id: string, run: Check['run']): Check => ({
  id,
  section: 'RFC 0 §1',
  title: `${id} is so`,
  run,
});
const CHECKS = [
  check('good', async () => {}),
  check('bad', async () => {
    throw new Error('expected 1 to equal 2\nand more');
  }),
  check('off', async () => notApplicable('not announced')),
];

describe('the report of the conformance checks', () => {
  let lines: Line[];

  before(async () => {
    lines = await Promise.all(
      CHECKS.map(async (one) => ({ check: one, result: await resultOf(one, {} as Target) })),
    );
  });

  it('is one table with the first line of each reason', () => {
    expect(tableOf(lines).split('\n')).to.deep.equal([
      'result  check  specification  what is checked',
      'pass    good   RFC 0 §1       good is so',
      'FAIL    bad    RFC 0 §1       bad is so: expected 1 to equal 2',
      'n/a     off    RFC 0 §1       off is so: not announced',
      '',
      '1 passed, 1 failed, 1 not applicable',
    ]);
  });

  it('is JSON with the whole of each', () => {
    const { issuer, checks } = jsonOf('https://id.example', lines);
    expect(issuer).to.equal('https://id.example');
    expect(checks.map(({ id, result, note }) => [id, result, note])).to.deep.equal([
      ['good', 'passed', undefined],
      ['bad', 'failed', 'expected 1 to equal 2\nand more'],
      ['off', 'not applicable', 'not announced'],
    ]);
  });
});
