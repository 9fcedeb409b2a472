import { expect } from 'chai';
import fc from 'fast-check';
import { normalisePassword, passwordForms, tooLong } from '../../../src/lib/passwords/password-text.ts';

const anyString = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)) });

describe('password text', () => {
  it('draws the line at 1,024 bytes', () => {
    expect(tooLong('a'.repeat(1024))).to.equal(false);
    expect(tooLong('a'.repeat(1025))).to.equal(true);
    expect(tooLong('ก'.repeat(341))).to.equal(false);
    expect(tooLong('ก'.repeat(342))).to.equal(true);
  });

  it('counts what normalisation makes longer', () => {
    expect(Buffer.byteLength('ﷺ'.repeat(40))).to.be.below(1024);
    expect(tooLong('ﷺ'.repeat(40))).to.equal(true);
  });

  it('offers the typed form only where it differs', () => {
    expect(passwordForms('plain')).to.deep.equal(['plain']);
    expect(passwordForms('Ａb')).to.deep.equal(['Ab', 'Ａb']);
    expect(passwordForms('น้ำ')).to.have.length(2);
  });

  it('normalises once and for all, whatever the string', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        const normalised = normalisePassword(text);
        expect(normalisePassword(normalised)).to.equal(normalised);
        expect(passwordForms(text)[0]).to.equal(normalised);
      }),
    );
  });
});
