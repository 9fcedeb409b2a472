import { expect } from 'chai';
import { readOperations } from '../../src/apis/document.ts';
import { schemas } from '../../src/apis/schemas.ts';

const operations = readOperations(new URL('../../openapi/keys.yaml', import.meta.url));
const { compile } = schemas({ text: false });

/** Every schema in a value that has examples. */
function withExamples(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(withExamples);
  const own = value as Record<string, unknown>;
  return Array.isArray(own.examples) ? [own, ...inner] : inner;
}

describe('the document of the Keys API', () => {
  it('has examples that fit their schemas', () => {
    const found = withExamples(operations.map(({ requestBody, responses }) => ({ requestBody, responses })));
    expect(found.length).to.be.above(30);
    for (const schema of found.filter((one) => 'type' in one))
      for (const example of schema.examples as unknown[])
        expect(compile(schema)(example), JSON.stringify(example)).to.deep.equal([]);
  });

  it('says what every error looks like', () => {
    for (const { operationId, responses } of operations) {
      expect(Object.keys(responses), operationId).to.include.members(['200', '503']);
      for (const [status, { content }] of Object.entries(responses))
        expect(content, `${operationId} ${status}`).to.have.all.keys('application/json');
    }
  });
});
