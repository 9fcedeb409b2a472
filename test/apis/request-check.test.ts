import { expect } from 'chai';
import { contract } from '../../src/apis/contract.ts';
import { CUSTOMER, REGISTRATION } from './customers-samples.ts';

const CUSTOMERS = new URL('../../openapi/customers.yaml', import.meta.url);

const without = (name: string): object =>
  Object.fromEntries(Object.entries(REGISTRATION).filter(([member]) => member !== name));

describe('contract, of a request', () => {
  const customers = contract(CUSTOMERS, { checkAnswers: false });
  /** The findings for a body, as `field problem`. */
  const wrong = (operationId: string, body: unknown, params: Record<string, string> = {}): string[] =>
    customers
      .checkRequest(operationId, { params, query: {}, body })
      .map(({ field, problem }) => `${field} ${problem}`);

  const fitting: [what: string, operationId: string, body: unknown][] = [
    ['a registration', 'register', REGISTRATION],
    ['the same before it is made', 'preRegister', REGISTRATION],
    ['a code as a form', 'requestOtp', { mobile: '0879630303' }],
    ['a code for a purpose', 'requestOtp', { mobile: 879630303, purpose: 'reset' }],
    ['a change of e-mail', 'preUpdateEmail', { email: 'a@a.com', password: '1234' }],
    ['a body that nobody reads', 'logout', { any: 'thing' }],
    ['numbers that lost their zeros', 'verifyOtp', { mobile: 879630303, otpNumber: 7 }],
    ['an international number', 'verifyOtp', { mobile: '+66 87-963-0303', otpNumber: '048213' }],
    ['an empty profile', 'updateProfile', {}],
    ['a profile as it was answered', 'updateProfile', CUSTOMER],
    ['a profile of nulls', 'updateProfile', { firstName: null, phone: null, title: null }],
    ['members that are not documented', 'register', { ...REGISTRATION, constructor: 1, isAdmin: true }],
    ['no e-mail', 'register', without('email')],
    ['an e-mail that is null', 'register', { ...REGISTRATION, email: null }],
    ['an upload, which its operation reads', 'uploadImage', undefined],
  ];
  for (const [what, operationId, body] of fitting) {
    it(`lets pass ${what}`, () => expect(wrong(operationId, body)).to.deep.equal([]));
  }

  for (const name of Object.keys(REGISTRATION).filter((member) => member !== 'email')) {
    it(`misses ${name} when it is left out, null or empty`, () => {
      for (const body of [without(name), { ...REGISTRATION, [name]: null }, { ...REGISTRATION, [name]: '' }])
        expect(wrong('register', body)).to.deep.equal([`${name} required`]);
    });
  }

  const refused: [what: string, operationId: string, body: unknown, findings: string[]][] = [
    ['no body', 'changePassword', undefined, ['mobile required', 'otpNumber required', 'password required']],
    ['null', 'verifyOtp', null, ['mobile required', 'otpNumber required']],
    ['a list', 'register', [REGISTRATION], ['body type']],
    ['a text', 'register', 'text', ['body type']],
    ['a text for a title', 'register', { ...REGISTRATION, title: '1' }, ['title type']],
    ['a title without its id', 'register', { ...REGISTRATION, title: {} }, ['title.id required']],
    ['a title whose id is null', 'updateProfile', { title: { id: null } }, ['title.id required']],
    ['half a title', 'register', { ...REGISTRATION, title: { id: 1.5 } }, ['title.id type']],
    [
      'an object for a password',
      'updatePassword',
      { oldPassword: {}, newPassword: [] },
      ['oldPassword type', 'newPassword type'],
    ],
    ['a boolean for a mobile', 'requestOtp', { mobile: true }, ['mobile type']],
    ['nine digits', 'requestOtp', { mobile: '087963030' }, ['mobile length']],
    [
      'five digits of a code',
      'verifyOtp',
      { mobile: '0879630303', otpNumber: '12345' },
      ['otpNumber length'],
    ],
    ['a long name', 'register', { ...REGISTRATION, firstName: 'ก'.repeat(51) }, ['firstName length']],
    ['an empty first name', 'updateProfile', { firstName: '' }, ['firstName length']],
    ['a long phone', 'updateProfile', { phone: '0'.repeat(21) }, ['phone length']],
    ['a long identifier', 'findMobileByBody', { identifier: 'x'.repeat(101) }, ['identifier length']],
    [
      'many things',
      'register',
      { ...REGISTRATION, title: { id: 'x' }, thaiId: '1', otpNumber: null, email: 5 },
      ['otpNumber required', 'thaiId length', 'email type', 'title.id type'],
    ],
  ];
  for (const [what, operationId, body, findings] of refused) {
    it(`finds ${what}`, () => expect(wrong(operationId, body)).to.deep.equal(findings));
  }

  it('counts characters, not UTF-16 units', () => {
    expect(wrong('register', { ...REGISTRATION, firstName: '𠮷'.repeat(50) })).to.deep.equal([]);
  });

  it('checks the path', () => {
    expect(wrong('findMobile', undefined, { identifier: '0879630303' })).to.deep.equal([]);
    expect(wrong('findMobile', undefined, { identifier: 'x'.repeat(101) })).to.deep.equal([
      'identifier length',
    ]);
  });

  it('leaves the request as it was', () => {
    const body = { ...REGISTRATION, otpNumber: null, title: { id: null } };
    const copy = structuredClone(body);
    wrong('register', body);
    expect(body).to.deep.equal(copy);
  });

  it('knows no other operation', () => {
    expect(() => wrong('toString', {})).to.throw('no operation toString');
  });
});
