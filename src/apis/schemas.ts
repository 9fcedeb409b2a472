import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Described, Schema } from './document.ts';

/** Returns all errors of a value; none if it is valid. Only a check of texts may modify the value. */
export type Check = (value: unknown) => ErrorObject[];

/** Compiles schemas. Throws for a keyword that does not exist, or that does not apply to its type. */
export interface Schemas {
  compile(schema: Schema): Check;
}

/**
 * `text`: the values are parameters or headers, so that `'5'` is an integer. The validator modifies an object of such
 * values, so the caller must pass an object of its own.
 */
export function schemas({ text }: { text: boolean }): Schemas {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: true, allowUnionTypes: true, coerceTypes: text });
  // The keyword of OpenAPI for an example, from before JSON Schema had one.
  ajv.addKeyword('example');
  formats.default(ajv);
  return {
    compile(schema) {
      const validate = ajv.compile(schema);
      return (value) => (validate(value) ? [] : (validate.errors ?? []));
    },
  };
}

/** Returns the schema of an object with all parameters of one place, or with all headers. */
export const objectOf = (members: readonly (Described & { name: string })[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(members.map(({ name, schema }) => [name, schema])),
  required: members.filter(({ required }) => required).map(({ name }) => name),
});
