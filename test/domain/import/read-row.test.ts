import { expect } from 'chai';
import { readRow } from '../../../src/domain/import/read-row.ts';

const SETTINGS = {
  countries: ['TH'],
  now: new Date('2026-05-01T00:00:00Z'),
  timeZone: 'Asia/Bangkok',
  titles: [
    { id: 1, nameTh: 'นาย', nameEn: 'Mr.', gender: 'MALE' as const },
    { id: 3, nameTh: 'นางสาว', nameEn: 'Ms.', gender: 'FEMALE' as const },
  ],
  adopt: (text: string) =>
    text === 'dear' ? { problem: 'too_expensive' as const } : { hash: `adopted ${text}` },
};
const read = (row: unknown) =>
  readRow(Buffer.from(typeof row === 'string' ? row : JSON.stringify(row)), SETTINGS);

describe('a row of an import', () => {
  it('is read with every member', () => {
    const row = {
      external_id: 'kc-1',
      mobile: '081 234 5678',
      mobile_verified: true,
      email: 'Nok@Example.com',
      email_verified: false,
      given_name: 'นก',
      family_name: 'ใจดี',
      middle_name: 'ชัย',
      nickname: 'นก',
      preferred_username: 'nok',
      profile: 'https://example.com/nok',
      website: '',
      birthdate: '1990-02-28',
      gender: 'female',
      title_id: 3,
      thai_id: '1-1037-02071-81-1',
      locale: 'en-GB',
      status: 'suspended',
      password_hash: 'hash',
      created_at: '2020-01-01T07:00:00+07:00',
      bindings: [{ provider: 'line', external_id: 'U1' }],
    };
    expect(read(row)).to.deep.equal({
      row: {
        externalId: 'kc-1',
        mobile: '+66812345678',
        mobileVerified: true,
        email: { value: 'Nok@example.com', key: 'nok@example.com' },
        emailVerified: false,
        firstName: 'นก',
        lastName: 'ใจดี',
        middleName: 'ชัย',
        nickname: 'นก',
        preferredUsername: 'nok',
        profileUri: 'https://example.com/nok',
        birthDate: '1990-02-28',
        gender: 'FEMALE',
        titleId: 3,
        nationalId: '1103702071811',
        locale: 'en',
        status: 'suspended',
        passwordHash: 'adopted hash',
        createdAt: '2020-01-01T00:00:00.000Z',
        bindings: [{ provider: 'line', externalId: 'U1' }],
      },
    });
  });

  it('takes null for absent', () => {
    expect(read({ external_id: 'a', mobile: null, given_name: null })).to.deep.equal({
      row: { externalId: 'a' },
    });
  });

  it('reports all errors together, each with its pointer', () => {
    const wrong = {
      external_id: ' a',
      mobile: '12',
      mobile_verified: 'yes',
      email: 'nobody',
      given_name: '',
      birthdate: '2026-13-01',
      gender: 'other',
      title_id: 9,
      thai_id: '1234567890123',
      locale: 'fr',
      status: 'deleted',
      password_hash: 'dear',
      created_at: '2027-01-01T00:00:00Z',
      bindings: [
        { provider: 'line', external_id: 'U1' },
        { provider: 'line', external_id: 'U2' },
        { provider: 'x' },
        7,
      ],
      'a/b~': 1,
    };
    expect(read(wrong)).to.deep.equal({
      errors: [
        { pointer: '/external_id', code: 'INVALID_EXTERNAL_ID' },
        { pointer: '/mobile', code: 'INVALID_MOBILE' },
        { pointer: '/mobile_verified', code: 'INVALID_VALUE' },
        { pointer: '/email', code: 'INVALID_EMAIL' },
        { pointer: '/given_name', code: 'INVALID_NAME' },
        { pointer: '/birthdate', code: 'INVALID_BIRTH_DATE' },
        { pointer: '/gender', code: 'INVALID_VALUE' },
        { pointer: '/title_id', code: 'INVALID_VALUE' },
        { pointer: '/thai_id', code: 'INVALID_NATIONAL_ID' },
        { pointer: '/locale', code: 'INVALID_VALUE' },
        { pointer: '/status', code: 'INVALID_VALUE' },
        { pointer: '/password_hash', code: 'PASSWORD_HASH_TOO_EXPENSIVE' },
        { pointer: '/created_at', code: 'INVALID_VALUE' },
        { pointer: '/bindings/1/provider', code: 'INVALID_VALUE' },
        { pointer: '/bindings/2/external_id', code: 'INVALID_EXTERNAL_ID' },
        { pointer: '/bindings/3/provider', code: 'INVALID_VALUE' },
        { pointer: '/a~1b~0', code: 'UNKNOWN_MEMBER' },
      ],
    });
  });

  it('needs something that identifies the account, and a gender that fits the title', () => {
    expect(read({ given_name: 'Nok' })).to.deep.equal({
      errors: [{ pointer: '', code: 'IDENTIFIER_MISSING' }],
    });
    expect(read({ external_id: 'a', gender: 'male', title_id: 3 })).to.deep.equal({
      errors: [{ pointer: '/gender', code: 'INVALID_VALUE' }],
    });
  });

  it('is an object in JSON and UTF-8', () => {
    const wrong = { errors: [{ pointer: '', code: 'INVALID_ROW' }] };
    for (const text of ['[]', 'null', '7', '{', '{"a":1}x', 'external_id,email'])
      expect(read(text), text).to.deep.equal(wrong);
    expect(readRow(Buffer.from([0x7b, 0xff, 0x7d]), SETTINGS)).to.deep.equal(wrong);
    expect(readRow(undefined, SETTINGS)).to.deep.equal(wrong);
  });
});
