import { expect } from 'chai';
import { parseCountry } from '../../../src/domain/values/country.ts';
import { parseText } from '../../../src/domain/values/profile-texts.ts';

describe('texts of a profile', () => {
  it('are kept without spaces around them, composed, and null when empty', () => {
    expect(parseText('addressTown', '  Cafe\u0301 ')).to.equal('Café');
    expect(parseText('address', ' \n ')).to.equal(null);
    expect(parseText('phone', '+66 (0)2-123')).to.equal('+66 (0)2-123');
  });

  it('have their lengths, counted in characters', () => {
    expect(parseText('addressPostcode', '𝟙'.repeat(20))).to.be.a('string');
    expect(parseText('addressPostcode', '𝟙'.repeat(21))).to.equal(undefined);
    expect(parseText('address', 'x'.repeat(500))).to.be.a('string');
    expect(parseText('address', 'x'.repeat(501))).to.equal(undefined);
  });

  it('have several lines in the address only, and nothing that cannot be seen anywhere', () => {
    expect(parseText('address', '1 Road\r\nTown')).to.equal('1 Road\r\nTown');
    expect(parseText('addressTown', 'a\nb')).to.equal(undefined);
    for (const hidden of ['\0', '\u0007', '\r', '\u2028', '\u202e', '\u200b', '\ufeff'])
      expect(parseText('address', `a${hidden}b`), JSON.stringify(hidden)).to.equal(undefined);
  });

  it('know the countries of ISO 3166-1 and no others', () => {
    expect(parseCountry('th')).to.equal('TH');
    expect(parseCountry(' LA ')).to.equal('LA');
    for (const none of ['UK', 'EU', 'XK', 'ZZ', 'THA', '', 'T'])
      expect(parseCountry(none), none).to.equal(undefined);
  });
});
