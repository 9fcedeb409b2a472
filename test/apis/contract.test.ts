import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { contract } from '../../src/apis/contract.ts';
import { readOperations } from '../../src/apis/document.ts';

const JSON_TYPE = 'application/json';

describe('contract', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'contract-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The contract of a document whose only operation is `find`. */
  const made = (operation: object, components: object = {}) => {
    const file = join(folder, 'one.yaml');
    const find = { operationId: 'find', responses: {}, ...operation };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ openapi: '3.1.0', paths: { '/find': { get: find } }, components }));
    return contract(pathToFileURL(file), { checkAnswers: true });
  };
  const body = (schema: object, type = JSON_TYPE) => ({ requestBody: { content: { [type]: { schema } } } });

  it('reads numbers in a query, and one value only', () => {
    const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } };
    const q = { name: 'q', in: 'query', required: true, schema: { type: 'string' } };
    const { checkRequest } = made({ parameters: [limit, q] });
    const findings = (query: Record<string, unknown>) =>
      checkRequest('find', { params: {}, query, body: null });
    expect(findings({ q: 'x', limit: '5', other: '' })).to.deep.equal([]);
    expect(findings({ q: '', limit: 'five' })).to.deep.equal([
      { field: 'limit', problem: 'type' },
      { field: 'q', problem: 'required' },
    ]);
    expect(findings({ q: ['x', 'y'], limit: '0' })).to.deep.equal([
      { field: 'limit', problem: 'format' },
      { field: 'q', problem: 'type' },
    ]);
  });

  it('looks into lists, tells a member once, and names what it does not know', () => {
    const item = {
      type: 'object',
      required: ['kind'],
      additionalProperties: false,
      properties: { kind: { type: 'string', minLength: 2, enum: ['one', 'two'] } },
    };
    const { checkRequest } = made(
      body({
        type: 'object',
        properties: { list: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Item' } } },
      }),
      { schemas: { Item: item } },
    );
    const findings = (list: unknown) => checkRequest('find', { params: {}, query: {}, body: { list } });
    expect(findings([{ kind: 'one' }])).to.deep.equal([]);
    expect(findings([])).to.deep.equal([{ field: 'list', problem: 'length' }]);
    expect(findings([{ kind: '' }, { kind: 'x', more: 1 }, { kind: 5 }, { kind: 'six' }])).to.deep.equal([
      { field: 'list.0.kind', problem: 'required' },
      { field: 'list.1.kind', problem: 'length' },
      { field: 'list.1.more', problem: 'unknown' },
      { field: 'list.2.kind', problem: 'type' },
      { field: 'list.3.kind', problem: 'format' },
    ]);
  });

  it('needs a body only when it is required', () => {
    const { checkRequest } = made(body({ type: 'object', required: ['a'], properties: { a: {} } }));
    const findings = (given: unknown) => checkRequest('find', { params: {}, query: {}, body: given });
    expect(findings(undefined)).to.deep.equal([]);
    expect(findings({})).to.deep.equal([{ field: 'a', problem: 'required' }]);
  });

  it('falls back to the answer for any other status', () => {
    const { checkAnswer } = made({
      responses: { 200: { description: '' }, default: { content: { [JSON_TYPE]: {} } } },
    });
    expect(() => checkAnswer?.('find', { status: 418, type: JSON_TYPE, body: {} })).to.not.throw();
    expect(() => checkAnswer?.('find', { status: 200, type: JSON_TYPE, body: {} })).to.throw('find');
  });

  it('compiles an operation when it is first asked for, where answers are not checked', () => {
    const file = join(folder, 'two.yaml');
    const wrong = { operationId: 'wrong', responses: {}, ...body({ type: 'object', mystery: true }) };
    const right = { operationId: 'right', responses: {}, ...body({ type: 'object' }) };
    writeFileSync(file, JSON.stringify({ openapi: '3.1.0', paths: { '/': { put: wrong, post: right } } }));
    const { checkRequest } = contract(pathToFileURL(file), { checkAnswers: false });
    const none = { params: {}, query: {}, body: {} };
    expect(checkRequest('right', none)).to.deep.equal([]);
    for (const _again of [1, 2]) expect(() => checkRequest('wrong', none)).to.throw('mystery');
  });

  it('does not come from a document with mistakes', () => {
    const use = (operation: object) => () =>
      made(operation).checkRequest('find', { params: {}, query: {}, body: null });
    expect(use(body({ $ref: '#/components/schemas/Nobody' }))).to.throw('does not exist');
    expect(use(body({ type: 'string', maxlength: 5 }))).to.throw('unknown keyword');
    const { requestBody: json } = body({ type: 'object' });
    const { requestBody: form } = body({ type: 'string' }, 'application/x-www-form-urlencoded');
    const both = { requestBody: { content: { ...json.content, ...form.content } } };
    expect(use(both)).to.throw('find: a JSON body and a form must have one schema');
  });

  for (const name of ['customers', 'keys', 'partners', 'self-service'])
    it(`compiles every operation of openapi/${name}.yaml`, () => {
      const document = new URL(`../../openapi/${name}.yaml`, import.meta.url);
      const { checkRequest, checkAnswer } = contract(document, { checkAnswers: true });
      for (const { operationId } of readOperations(document)) {
        checkRequest(operationId, { params: {}, query: {}, body: null });
        expect(() => checkAnswer?.(operationId, { status: 999, type: '', body: null })).to.throw('999');
      }
    });
});
