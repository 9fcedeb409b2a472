import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A JSON Schema (2020-12) without references. */
export interface Schema {
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  [keyword: string]: unknown;
}

/** A parameter or a header. */
export interface Described {
  required?: boolean;
  schema: Schema;
}

export type Content = Record<string, { schema?: Schema }>;

export interface DescribedAnswer {
  headers?: Record<string, Described>;
  /** If undefined, the response is empty. */
  content?: Content;
}

export interface DescribedOperation {
  operationId: string;
  parameters?: readonly (Described & { name: string; in: 'path' | 'query' | 'header' | 'cookie' })[];
  requestBody?: { required?: boolean; content: Content };
  /** By status, or `default`. */
  responses: Record<string, DescribedAnswer>;
}

interface PathItem extends Record<string, unknown> {
  parameters?: DescribedOperation['parameters'];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the target of a reference such as `#/components/schemas/Name`. Throws if there is none. */
function resolve(document: unknown, reference: string): unknown {
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce((value, name) => (isObject(value) ? value[name] : undefined), document);
  if (found === undefined) throw new Error(`${reference} does not exist`);
  return found;
}

/**
 * Replaces every reference in a value with its target. All references to a target get the same object, so that it is
 * compiled once. Members next to a reference describe it, and replace those of the target, such as its description. A
 * schema that contains itself would be infinite, and is an error here.
 */
function dereferencer(document: unknown): (value: unknown) => unknown {
  const targets = new Map<string, unknown>();
  const targetOf = (reference: string): unknown => {
    if (!targets.has(reference)) targets.set(reference, dereference(resolve(document, reference)));
    return targets.get(reference);
  };
  function dereference(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(dereference);
    if (!isObject(value)) return value;
    const { $ref, ...own } = value;
    const members = Object.entries(own).map(([name, member]) => [name, dereference(member)]);
    if (typeof $ref !== 'string') return Object.fromEntries(members);
    const target = targetOf($ref);
    return members.length === 0 ? target : { ...(target as object), ...Object.fromEntries(members) };
  }
  return dereference;
}

const isOperation = (value: unknown): value is DescribedOperation =>
  isObject(value) && 'operationId' in value;

/** Returns the operations of an OpenAPI 3.1 document in YAML, without references, in the order of the document. */
export function readOperations(file: URL): DescribedOperation[] {
  const document = parse(readFileSync(file, 'utf8'));
  const { paths } = dereferencer(document)(document) as { paths: Record<string, PathItem> };
  return Object.values(paths).flatMap(({ parameters: shared = [], ...item }) =>
    Object.values(item)
      .filter(isOperation)
      .map((one) => ({ ...one, parameters: [...shared, ...(one.parameters ?? [])] })),
  );
}
