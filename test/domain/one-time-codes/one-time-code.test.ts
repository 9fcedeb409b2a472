import { expect } from 'chai';
import fc from 'fast-check';
import {
  CODE_PURPOSES,
  newCode,
  newReference,
  parseCode,
  prefixOf,
  purposesOf,
} from '../../../src/domain/one-time-codes/one-time-code.ts';
import { spelled } from '../../support/spellings.ts';

const GENERATED = 5000;

const generated = (generate: () => string): string[] => Array.from({ length: GENERATED }, generate);

describe('one-time code', () => {
  it('has six digits, each digit as often as any other in every place', () => {
    const codes = generated(newCode);
    for (const code of codes) expect(code).to.match(/^\d{6}$/);
    for (let place = 0; place < 6; place += 1) {
      const counts = Map.groupBy(codes, (code) => code[place]);
      expect(counts.size).to.equal(10);
      // ten standard deviations around a tenth of the codes
      for (const [, of] of counts) expect(of.length).to.be.within(290, 710);
    }
  });

  it('is the same however it is grouped, marked and written', () => {
    const typed = fc.stringMatching(/^\d{6}$/).chain((code) => fc.tuple(fc.constant(code), spelled(code)));
    fc.assert(
      fc.property(typed, ([code, spelling]) => {
        expect(parseCode(spelling)).to.equal(code);
      }),
    );
  });

  it('is none of other texts', () => {
    for (const text of ['', '12345', '1234567', '12345a', '12.3456', '１２３４５', '①②③④⑤⑥', '٠١٢٣٤٥'])
      expect(parseCode(text), text).to.equal(undefined);
  });

  it('comes with a reference that is hard to misread', () => {
    const references = generated(newReference);
    for (const reference of references) expect(reference).to.match(/^[A-HJ-NP-Z2-9]{4}$/);
    expect(new Set(references).size).to.be.above(GENERATED * 0.99);
  });

  it('has the purposes of a free or of a taken number, and no purpose of both', () => {
    const free = purposesOf({ isTaken: false, isTrusted: false });
    const taken = purposesOf({ isTaken: true, isTrusted: true });
    expect([...free, ...taken].sort()).to.deep.equal([...CODE_PURPOSES].sort());
    expect(taken).to.include.members(['reset', 'login']);
    expect(purposesOf({ isTaken: true, isTrusted: false })).to.deep.equal([]);
  });

  it('belongs to the numbers that are sold together', () => {
    expect(prefixOf('+66812345678')).to.equal('+6681234');
  });
});
