import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { compileAll, documents, METHODS, operations } from '../support/openapi.ts';

const text = { type: 'string', minLength: 1 };
const answers = {
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: '^([1-5]\\d\\d|default)$' },
  additionalProperties: {
    anyOf: [
      { type: 'object', required: ['$ref'], additionalProperties: false, properties: { $ref: text } },
      { type: 'object', required: ['description'] },
    ],
  },
};
const operation = {
  type: 'object',
  required: ['operationId', 'tags', 'summary', 'responses'],
  properties: {
    operationId: { type: 'string', pattern: '^[a-z][A-Za-z]+$' },
    tags: { type: 'array', items: text, minItems: 1, maxItems: 1 },
    summary: text,
    description: text,
    deprecated: { const: true },
    security: { type: 'array' },
    parameters: { type: 'array' },
    requestBody: { type: 'object' },
    responses: answers,
  },
  additionalProperties: false,
};
/** The skeleton of an OpenAPI 3.1 document, as far as these documents use it. */
const skeleton = {
  type: 'object',
  required: ['openapi', 'info', 'servers', 'tags', 'paths', 'components'],
  properties: {
    openapi: { const: '3.1.0' },
    info: { type: 'object', required: ['title', 'version', 'description', 'license'] },
    servers: { type: 'array', minItems: 1 },
    tags: { type: 'array', items: { type: 'object', required: ['name'] } },
    security: { type: 'array' },
    paths: {
      type: 'object',
      propertyNames: { pattern: '^/' },
      additionalProperties: {
        type: 'object',
        properties: {
          parameters: { type: 'array' },
          ...Object.fromEntries(METHODS.map((method) => [method, operation])),
        },
        additionalProperties: false,
      },
    },
    components: { type: 'object' },
  },
  additionalProperties: false,
};

/** Every `$ref` of a document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : references(member),
  );
}

const resolve = (document: unknown, reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);

describe('the OpenAPI documents', () => {
  for (const [name, document] of documents) {
    it(`have a valid skeleton in ${name}`, () => {
      const ajv = new Ajv2020({ allErrors: true });
      const valid = ajv.compile(skeleton);
      expect(valid(document), ajv.errorsText(valid.errors)).to.equal(true);
    });

    it(`have no reference that leads nowhere in ${name}, and no component that nothing uses`, () => {
      const used = new Set(references(document));
      for (const reference of used) expect(resolve(document, reference), reference).to.be.an('object');
      const components = document.components as Record<string, Record<string, unknown>>;
      const offered = Object.entries(components)
        .filter(([kind]) => kind !== 'securitySchemes')
        .flatMap(([kind, members]) => Object.keys(members).map((member) => `#/components/${kind}/${member}`));
      expect(offered.filter((reference) => !used.has(reference))).to.deep.equal([]);
    });

    it(`name every part of a path as a parameter in ${name}`, () => {
      for (const [path, item] of Object.entries(document.paths)) {
        const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part);
        const parameters = JSON.stringify([item, document.components]);
        for (const part of parts) expect(parameters, path).to.include(`"name":"${part}","in":"path"`);
      }
    });
  }

  it('give every operation an id of its own', () => {
    const ids = operations.map(({ id }) => id);
    expect(ids).to.deep.equal([...new Set(ids)]);
  });

  it('describe every answer by a schema that compiles', () => {
    expect(compileAll()).to.be.greaterThan(operations.length);
  });
});
