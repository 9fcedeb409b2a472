import { expect } from 'chai';
import fc from 'fast-check';
import { type PersonalContext, passwordPolicy } from '../../../src/domain/credentials/password-policy.ts';

const NOBODY: PersonalContext = { names: [], emails: [], mobiles: [] };
const SOMCHAI: PersonalContext = {
  names: ['Somchai', 'Jaidee-Na-Ayutthaya'],
  emails: ['somchai.jaidee@example.com'],
  mobiles: ['+66812345678'],
  nationalId: '1101700230708',
};

const standard = passwordPolicy('standard');
const legacy = passwordPolicy('legacy');
const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe('password policy', () => {
  it('lets good passwords pass', () => {
    for (const password of [
      'correct-horse-battery',
      'รหัสผ่านของฉันเอง',
      'ม้าสีฟ้ากินข้าว',
      '🐎🔋📎🎩🐎🔋📎🎩',
      'xk7 qp2m',
    ]) {
      expect(standard(password, SOMCHAI), password).to.equal(undefined);
    }
  });

  it('counts code points after normalisation', () => {
    expect(standard('xk7qp2m', NOBODY)).to.equal('PASSWORD_TOO_SHORT');
    expect(standard('🐎🔋📎🎩🐎🔋📎', NOBODY)).to.equal('PASSWORD_TOO_SHORT');
    expect(standard('e\u0301'.repeat(7), NOBODY)).to.equal('PASSWORD_TOO_SHORT');
    expect(standard('', NOBODY)).to.equal('PASSWORD_TOO_SHORT');
  });

  it('wants four characters and nothing else when legacy', () => {
    expect(legacy('abc', SOMCHAI)).to.equal('PASSWORD_TOO_SHORT');
    for (const password of ['123456', 'rahasia', '1234', 'somchai', 'password']) {
      expect(legacy(password, SOMCHAI), password).to.equal(undefined);
    }
  });

  it('stops at 1,024 bytes, whichever the policy', () => {
    for (const policy of [standard, legacy]) {
      expect(policy('ab'.repeat(512), NOBODY)).to.equal(undefined);
      expect(policy('a'.repeat(1025), NOBODY)).to.equal('PASSWORD_TOO_LONG');
    }
  });

  it('refuses common passwords in any case or width', () => {
    for (const password of [
      'password',
      '12345678',
      'PassWord',
      'qwertyuiop',
      'ｐａｓｓｗｏｒｄ',
      'iloveyou',
    ]) {
      expect(standard(password, NOBODY), password).to.equal('PASSWORD_TOO_COMMON');
    }
  });

  it('refuses the identifiers of the account, in any spelling', () => {
    for (const password of [
      'jaidee-na-ayutthaya',
      'JAIDEENAAYUTTHAYA',
      'Somchai Jaidee Na Ayutthaya',
      'JaideeNaAyutthaya.Somchai',
      'somchai.jaidee@example.com',
      'SOMCHAI.JAIDEE@EXAMPLE.COM',
      'somchai.jaidee',
      'SomchaiJaidee',
      '0812345678',
      '081-234-5678',
      '+66812345678',
      '66812345678',
      '812345678',
      '1101700230708',
      '1-1017-00230-70-8',
      '１１０１７００２３０７０８',
    ]) {
      expect(standard(password, SOMCHAI), password).to.equal('PASSWORD_IS_PERSONAL');
      expect(standard(password, NOBODY), password).to.equal(undefined);
    }
  });

  it('lets a password contain what it must not be', () => {
    expect(standard('somchai.jaidee rides', SOMCHAI)).to.equal(undefined);
    expect(standard('--------__', { ...NOBODY, names: [''] })).to.equal(undefined);
  });

  it('returns undefined or its own code for any string, and never throws', () => {
    fc.assert(
      fc.property(anyString, anyString, (password, name) => {
        const context = { names: [name], emails: [name], mobiles: [name], nationalId: name };
        expect([
          undefined,
          'PASSWORD_TOO_SHORT',
          'PASSWORD_TOO_LONG',
          'PASSWORD_TOO_COMMON',
          'PASSWORD_IS_PERSONAL',
        ]).to.include(standard(password, context));
      }),
    );
  });
});
