import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Described, Schema } from './document.ts';

/** Everything that is wrong with a value; nothing when it fits. The value stays as it is. */
export type Check = (value: unknown) => ErrorObject[];

/** Compiles schemas. A keyword that does not exist, or that its type cannot have, throws. */
export interface Schemas {
  compile(schema: Schema): Check;
}

/**
 * `text`: the values are parameters or headers, so that `'5'` is an integer. The validator writes into an
 * object of such values, which therefore has to be the caller's own.
 */
export function schemas({ text }: { text: boolean }): Schemas {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: true, allowUnionTypes: true, coerceTypes: text });
  // OpenAPI's own word for an example, from before JSON Schema had one.
  ajv.addKeyword('example');
  formats.default(ajv);
  return {
    compile(schema) {
      const validate = ajv.compile(schema);
      return (value) => (validate(value) ? [] : (validate.errors ?? []));
    },
  };
}

/** The object of all parameters of one place, or of all headers. */
export const objectOf = (members: readonly (Described & { name: string })[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(members.map(({ name, schema }) => [name, schema])),
  required: members.filter(({ required }) => required).map(({ name }) => name),
});
