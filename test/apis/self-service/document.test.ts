import { expect } from 'chai';
import { type DescribedAnswer, readOperations } from '../../../src/apis/document.ts';
import { schemas } from '../../../src/apis/schemas.ts';

const operations = readOperations(new URL('../../../openapi/self-service.yaml', import.meta.url));
const { compile } = schemas({ text: false });

const IDS = [
  'signUp',
  'activateAccount',
  'selfServiceLogin',
  'getSelf',
  'updateSelf',
  'deleteSelf',
  'confirmNewEmail',
  'requestPasswordReset',
  'doReset',
];

/** Every schema in a value that has examples. */
function withExamples(value: unknown): { examples: unknown[] }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(withExamples);
  return 'examples' in value && Array.isArray(value.examples)
    ? [value as { examples: unknown[] }, ...inner]
    : inner;
}

const isError = ([status]: [string, DescribedAnswer]): boolean => Number(status) >= 400;

describe('the document of the Self-service API', () => {
  it('has every operation, once', () => {
    expect(operations.map(({ operationId }) => operationId)).to.have.same.members(IDS);
  });

  it('has examples that fit their schemas', () => {
    const found = withExamples(operations);
    expect(found.length).to.be.above(50);
    for (const schema of found) {
      const check = compile(schema);
      for (const example of schema.examples)
        expect(check(example), JSON.stringify(example)).to.deep.equal([]);
    }
  });

  it('says what every error looks like, and when to come again', () => {
    for (const { operationId, requestBody, responses } of operations) {
      expect(Object.keys(responses), operationId).to.include.members(['200', '503']);
      if (requestBody)
        expect(Object.keys(responses), operationId).to.include.members(['400', '413', '415', '429']);
      for (const [status, { content, headers = {} }] of Object.entries(responses).filter(isError)) {
        const where = `${operationId} ${status}`;
        expect(content, where).to.have.all.keys('application/json');
        if (['429', '503'].includes(status)) expect(headers['Retry-After']?.required, where).to.equal(true);
        if (['401', '403'].includes(status))
          expect(headers['WWW-Authenticate']?.required, where).to.equal(true);
      }
    }
  });
});
