import { expect } from 'chai';
import fc from 'fast-check';
import { plainText, ungrouped, ungroupedNumber } from '../../src/lib/typed-text.ts';
import { spelled, spelledNumber } from '../support/spellings.ts';

describe('typed text', () => {
  it('means the ASCII characters that Thai digits and full-width forms stand for', () => {
    expect(plainText('๐๑๒๓๔๕๖๗๘๙')).to.equal('0123456789');
    expect(plainText('＋６６（０）８１－ＡＢｃ')).to.equal('+66(0)81-ABc');
  });

  it('has one kind of space and one kind of dash, and none around it', () => {
    expect(plainText('\n\u00a01\u00a02\u202f3\u30004\t5 ')).to.equal('1 2 3 4 5');
    expect(plainText('1\u20102\u20113\u20124\u20135\u22126－7')).to.equal('1-2-3-4-5-6-7');
  });

  it('has no direction marks and nothing else that cannot be seen', () => {
    for (const mark of '\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\u00ad')
      expect(plainText(`${mark}1${mark}2${mark}`), mark.codePointAt(0)?.toString(16)).to.equal('12');
  });

  it('leaves letters, marks and other characters alone', () => {
    expect(plainText('น้ำ ก๋วยเตี๋ยว é ① ²')).to.equal('น้ำ ก๋วยเตี๋ยว é ① ²');
    expect(ungrouped('1\n2')).to.equal('1\n2');
  });

  it('is the same code in every spelling', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z0-9]{1,16}$/).chain((key) => fc.tuple(fc.constant(key), spelled(key))),
        ([key, typed]) => {
          expect(ungrouped(typed)).to.equal(key);
        },
      ),
    );
  });

  it('is the same number in every spelling', () => {
    fc.assert(
      fc.property(
        fc
          .stringMatching(/^\+?\d{1,16}$/)
          .chain((number) => fc.tuple(fc.constant(number), spelledNumber(number))),
        ([number, typed]) => {
          expect(ungroupedNumber(typed)).to.equal(number);
        },
      ),
    );
  });
});
