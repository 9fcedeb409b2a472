import { expect } from 'chai';
import { type DescribedAnswer, readOperations } from '../../../src/apis/document.ts';
import { schemas } from '../../../src/apis/schemas.ts';

const operations = readOperations(new URL('../../../openapi/partners.yaml', import.meta.url));
const { compile } = schemas({ text: false });

/** Every schema with examples in a value, with its path. */
function withExamples(value: unknown, path = ''): { path: string; schema: Record<string, unknown> }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => withExamples(member, `${path}/${name}`));
  return 'examples' in value && Array.isArray(value.examples)
    ? [{ path, schema: value as Record<string, unknown> }, ...inner]
    : inner;
}

const isError = ([status]: [string, DescribedAnswer]): boolean => Number(status) >= 400;

describe('the document of the Partners API', () => {
  it('has every operation, once', () => {
    expect(operations.map(({ operationId }) => operationId)).to.have.members([
      'searchAccounts',
      'verifyAccount',
      'getAccount',
      'setBinding',
      'removeBinding',
    ]);
  });

  it('has examples that fit their schemas', () => {
    const found = withExamples(operations);
    expect(found.length).to.be.above(20);
    for (const { path, schema } of found) {
      const check = compile(schema);
      for (const example of schema.examples as unknown[])
        expect(check(example), `${path}: ${JSON.stringify(example)}`).to.deep.equal([]);
    }
  });

  it('says what every error looks like, and when to come again', () => {
    for (const { operationId, responses } of operations) {
      expect(Object.keys(responses), operationId).to.include.members(['200', '400', '401', '403', '503']);
      for (const [status, { content, headers = {} }] of Object.entries(responses).filter(isError)) {
        const where = `${operationId} ${status}`;
        expect(content, where).to.have.all.keys('application/json');
        if (['429', '503'].includes(status)) expect(headers['Retry-After']?.required, where).to.equal(true);
      }
    }
  });
});
