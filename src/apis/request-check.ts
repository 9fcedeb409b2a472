import { isDeepStrictEqual } from 'node:util';
import type { Finding, RequestParts } from './api.ts';
import type { DescribedOperation, Schema } from './document.ts';
import { findings } from './findings.ts';
import { objectOf, type Schemas } from './schemas.ts';

/** The media types that are read into members. An operation with `multipart/form-data` checks the body on its own. */
const READ = ['application/json', 'application/merge-patch+json', 'application/x-www-form-urlencoded'];

/** Returns the schema of the body, which must be the same for all media types; undefined if the contract has none. */
function bodySchema({ operationId, requestBody }: DescribedOperation): Schema | undefined {
  const [schema, ...others] = READ.map((type) => requestBody?.content[type]?.schema).filter(
    (found) => found !== undefined,
  );
  if (others.some((other) => !isDeepStrictEqual(other, schema)))
    throw new Error(`${operationId}: a JSON body and a form must have one schema`);
  return schema;
}

const parametersIn = (place: 'path' | 'query', { parameters = [] }: DescribedOperation): Schema =>
  objectOf(parameters.filter((parameter) => parameter.in === place));

const isBlank = (value: unknown): boolean => value === null || value === '';

/** Returns a copy without the required members that are `null` or empty. These count as missing. */
function withoutBlanks(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutBlanks(item, schema.items ?? {}));
  if (typeof value !== 'object' || value === null) return value;
  const { properties = {}, required = [] } = schema;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !(required.includes(name) && isBlank(member)))
      .map(([name, member]) => {
        const described = Object.hasOwn(properties, name) ? properties[name] : undefined;
        return [name, withoutBlanks(member, described ?? {})];
      }),
  );
}

interface Compilers {
  /** For parameters. */
  texts: Schemas;
  /** For bodies. */
  values: Schemas;
}

/** Checks requests to one operation: its parameters in path and query, then its body. */
export function requestCheck(
  operation: DescribedOperation,
  { texts, values }: Compilers,
): (request: RequestParts) => Finding[] {
  const finder = (schema: Schema, compiler: Schemas) => {
    const check = compiler.compile(schema);
    return (value: unknown) => findings(check(withoutBlanks(value, schema)), schema);
  };
  const params = finder(parametersIn('path', operation), texts);
  const query = finder(parametersIn('query', operation), texts);
  const schema = bodySchema(operation);
  const ofBody = schema && finder(schema, values);
  const needed = operation.requestBody?.required === true;

  return (request) => {
    // No body at all: every required member is missing.
    const body = request.body ?? (needed ? {} : undefined);
    return [
      ...params(request.params),
      ...query(request.query),
      ...(ofBody && body !== undefined ? ofBody(body) : []),
    ];
  };
}
