import { expect } from 'chai';
import { contract } from '../../src/apis/contract.ts';
import { CUSTOMER } from './customers-samples.ts';

const CUSTOMERS = new URL('../../openapi/customers.yaml', import.meta.url);
const JSON_TYPE = 'application/json';
const ERROR = { error: 'invalid_token', error_description: 'No.' };

describe('contract, of an answer', () => {
  const customers = contract(CUSTOMERS, { checkAnswers: true });
  const check = (operationId: string, status: number, type: string, body: unknown, headers?: object) => () =>
    customers.checkAnswer?.(operationId, {
      status,
      type,
      body,
      ...(headers ? { headers: { ...headers } } : {}),
    });

  const right: [what: string, ...Parameters<typeof check>][] = [
    ['the customer', 'register', 200, JSON_TYPE, CUSTOMER],
    ['the customer as text', 'getCustomer', 200, JSON_TYPE, JSON.stringify(CUSTOMER)],
    [
      'a customer who gave nothing',
      'getCustomer',
      200,
      JSON_TYPE,
      { ...CUSTOMER, thaiId: null, title: null, birthDate: null },
    ],
    ['nothing', 'logout', 200, '', undefined],
    ['no bytes', 'logout', 200, '', Buffer.alloc(0)],
    [
      'an image',
      'getImage',
      200,
      'image/png',
      Buffer.from('png'),
      { etag: '"1"', 'cache-control': 'private, no-cache' },
    ],
    ['an image that is known', 'getImage', 304, '', undefined],
    [
      'violations',
      'register',
      400,
      JSON_TYPE,
      {
        violations: [{ code: 'SIZ-10070', field: 'register.mobile', message: 'No.' }],
        error: 'Validation Failure',
      },
    ],
    ['a broken body', 'register', 400, JSON_TYPE, ERROR],
    ['a limit', 'requestOtp', 429, JSON_TYPE, ERROR, { 'retry-after': 60 }],
    ['a stranger', 'logout', 401, JSON_TYPE, ERROR, { 'www-authenticate': 'Bearer' }],
  ];
  for (const [what, ...answer] of right) {
    it(`lets pass ${what}`, () => expect(check(...answer)).to.not.throw());
  }

  const mistaken: [what: string, complaint: string, ...Parameters<typeof check>][] = [
    [
      'a status',
      'register must not respond with this 201: the status is not documented',
      'register',
      201,
      JSON_TYPE,
      CUSTOMER,
    ],
    [
      'a body where none is',
      'logout must not respond with this 200: it has a body',
      'logout',
      200,
      '',
      { ok: true },
    ],
    ['a media type without a body', 'it has the media type text/plain', 'logout', 200, 'text/plain', ''],
    ['no body where one is', 'it has no body', 'getCustomer', 200, JSON_TYPE, null],
    [
      'another media type',
      "the media type 'text/html' is not documented",
      'getCustomer',
      200,
      'text/html',
      '<p>',
    ],
    [
      'a missing member',
      "must have required property 'phone'",
      'getCustomer',
      200,
      JSON_TYPE,
      { ...CUSTOMER, phone: undefined },
    ],
    [
      'a member too many',
      'must NOT have additional properties',
      'getCustomer',
      200,
      JSON_TYPE,
      { ...CUSTOMER, password: 'x' },
    ],
    [
      'a date',
      '/birthDate must match pattern',
      'getCustomer',
      200,
      JSON_TYPE,
      { ...CUSTOMER, birthDate: new Date(0) },
    ],
    ['an id as text', '/id must be integer', 'getCustomer', 200, JSON_TYPE, { ...CUSTOMER, id: '33' }],
    [
      'a code without its number',
      '/violations/0/code',
      'register',
      409,
      JSON_TYPE,
      {
        violations: [{ code: 'DUP', field: 'register.mobile', message: 'No.' }],
        error: 'Validation Failure',
      },
    ],
    [
      'a missing header',
      "must have required property 'retry-after'",
      'requestOtp',
      429,
      JSON_TYPE,
      ERROR,
      { 'x-request-id': '1' },
    ],
    [
      'a wrong header',
      '/www-authenticate must match pattern',
      'logout',
      401,
      JSON_TYPE,
      ERROR,
      { 'www-authenticate': 'Basic' },
    ],
  ];
  for (const [what, complaint, ...answer] of mistaken) {
    it(`refuses ${what}`, () => expect(check(...answer)).to.throw(complaint));
  }

  it('is not judged unless asked for', () => {
    expect(contract(CUSTOMERS, { checkAnswers: false })).to.have.all.keys('checkRequest');
  });
});
