import { expect } from 'chai';
import {
  CODE_PURPOSES,
  newCode,
  newReference,
  prefixOf,
  purposesOf,
} from '../../../src/domain/one-time-codes/one-time-code.ts';

const DRAWN = 5000;

const drawn = (draw: () => string): string[] => Array.from({ length: DRAWN }, draw);

describe('one-time code', () => {
  it('has six digits, each digit as often as any other in every place', () => {
    const codes = drawn(newCode);
    for (const code of codes) expect(code).to.match(/^\d{6}$/);
    for (let place = 0; place < 6; place += 1) {
      const counts = Map.groupBy(codes, (code) => code[place]);
      expect(counts.size).to.equal(10);
      // ten standard deviations around a tenth
      for (const [, of] of counts) expect(of.length).to.be.within(290, 710);
    }
  });

  it('comes with a reference that nobody misreads', () => {
    const references = drawn(newReference);
    for (const reference of references) expect(reference).to.match(/^[A-HJ-NP-Z2-9]{4}$/);
    expect(new Set(references).size).to.be.above(DRAWN * 0.99);
  });

  it('does for a number what the number can do, no purpose for both kinds of numbers', () => {
    const [free, taken] = [purposesOf(false), purposesOf(true)];
    expect([...free, ...taken].sort()).to.deep.equal([...CODE_PURPOSES].sort());
    expect(taken).to.include.members(['reset', 'login']);
  });

  it('belongs to the numbers that are sold together', () => {
    expect(prefixOf('+66812345678')).to.equal('+6681234');
  });
});
