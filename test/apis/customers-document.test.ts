import { expect } from 'chai';
import { type DescribedAnswer, readOperations } from '../../src/apis/document.ts';
import { schemas } from '../../src/apis/schemas.ts';

const operations = readOperations(new URL('../../openapi/customers.yaml', import.meta.url));
const { compile } = schemas({ text: false });

const IDS = [
  'logout',
  'requestOtp',
  'preRegister',
  'register',
  'getCustomer',
  'getImage',
  'uploadImage',
  'findMobile',
  'findMobileByBody',
  'verifyOtp',
  'changePassword',
  'preUpdateEmail',
  'updateEmail',
  'updateProfile',
  'updatePassword',
  'updateMobile',
  'listLookups',
  'listTitles',
  'getTitle',
];

/** Every schema with examples in a value, with its path. */
function withExamples(value: unknown, path = ''): { path: string; schema: Record<string, unknown> }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => withExamples(member, `${path}/${name}`));
  return 'examples' in value && Array.isArray(value.examples)
    ? [{ path, schema: value as Record<string, unknown> }, ...inner]
    : inner;
}

const isError = ([status]: [string, DescribedAnswer]): boolean => Number(status) >= 400;

describe('the document of the Customers API', () => {
  it('has every operation, once', () => {
    expect(operations.map(({ operationId }) => operationId)).to.have.same.members(IDS);
  });

  it('has examples that fit their schemas', () => {
    const found = withExamples(operations);
    expect(found.length).to.be.above(50);
    for (const { path, schema } of found) {
      const check = compile(schema);
      for (const example of schema.examples as unknown[])
        expect(check(example), `${path}: ${JSON.stringify(example)}`).to.deep.equal([]);
    }
  });

  it('says what every error looks like, and when to come again', () => {
    for (const { operationId, responses } of operations) {
      expect(Object.keys(responses), operationId).to.include.members(['200', '503']);
      for (const [status, { content, headers = {} }] of Object.entries(responses).filter(isError)) {
        const where = `${operationId} ${status}`;
        expect(content, where).to.have.all.keys('application/json');
        if (['429', '503'].includes(status)) expect(headers['Retry-After']?.required, where).to.equal(true);
        if (status === '401') expect(headers['WWW-Authenticate']?.required, where).to.equal(true);
      }
    }
  });

  it('says what can be wrong with every body', () => {
    for (const { operationId, requestBody, responses } of operations) {
      if (!requestBody) continue;
      expect(requestBody.required, operationId).to.equal(true);
      expect(Object.keys(responses), operationId).to.include.members(['400', '413', '415']);
    }
  });
});
