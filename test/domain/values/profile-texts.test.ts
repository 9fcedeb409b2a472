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

  it('are names, a nickname and a username of their own rules', () => {
    expect(parseText('middleName', ' ชัย ')).to.equal('ชัย');
    expect(parseText('middleName', 'x1')).to.equal(undefined);
    expect(parseText('nickname', 'Nok 🐦')).to.equal('Nok 🐦');
    expect(parseText('nickname', 'x'.repeat(51))).to.equal(undefined);
    for (const name of ['somchai', 'สมชาย.ใจดี', 'a', '9lives', 'x'.repeat(50), 'Jo_e-2.0'])
      expect(parseText('preferredUsername', name), name).to.equal(name);
    const wrong = [
      'a@b.co',
      '0812345678',
      '+66812345678',
      'a b',
      '.a',
      '_',
      'x'.repeat(51),
      '<b>',
      'a\u202eb',
    ];
    for (const name of wrong) expect(parseText('preferredUsername', name), name).to.equal(undefined);
  });

  it('are web addresses as they were written, and nothing that could run or mislead', () => {
    for (const uri of ['https://example.com/somchai', 'http://a.test', 'HTTPS://สมชาย.ไทย/หน้า?a=b#c'])
      expect(parseText('profileUri', ` ${uri} `), uri).to.equal(uri);
    const wrong = [
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://a.test',
      'example.com',
      '/path',
      'https://',
    ];
    const misleading = [
      'https://bank.example@evil.test/',
      'https://u:p@a.test',
      'https://a.test/\u202e',
      'https://a b',
    ];
    for (const uri of [...wrong, ...misleading, 'https:\\\\a.test', `https://a.test/${'x'.repeat(500)}`])
      expect(parseText('websiteUri', uri), uri).to.equal(undefined);
  });

  it('know the countries of ISO 3166-1 and no others', () => {
    expect(parseCountry('th')).to.equal('TH');
    expect(parseCountry(' LA ')).to.equal('LA');
    for (const none of ['UK', 'EU', 'XK', 'ZZ', 'THA', '', 'T'])
      expect(parseCountry(none), none).to.equal(undefined);
  });
});
