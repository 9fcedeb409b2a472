import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

const FOLDER = new URL('../../openapi/', import.meta.url);
export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Method = (typeof METHODS)[number];

interface Header {
  schema: object;
  required?: boolean;
}
interface Answer {
  headers?: Record<string, Header>;
  content?: Record<string, { schema: object }>;
}
interface Described {
  operationId: string;
  responses: Record<string, Answer | { $ref: string }>;
}
export interface OpenApi {
  paths: Record<string, Partial<Record<Method, Described>>>;
  [member: string]: unknown;
}

/** An operation of one document. */
export interface Operation {
  document: string;
  id: string;
  method: Method;
  path: string;
  described: Described;
}

/** Every document of `openapi/`, by file name. */
export const documents: ReadonlyMap<string, OpenApi> = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, parse(readFileSync(new URL(name, FOLDER), 'utf8'))]),
);

export const operations: readonly Operation[] = [...documents].flatMap(([document, { paths }]) =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const described = item[method];
      return described ? [{ document, id: described.operationId, method, path, described }] : [];
    }),
  ),
);

/** Finds an operation by `GET /oauth/authorize/{uid}` or by its id. Returns `undefined` when no document has it. */
export const findOperation = (name: string): Operation | undefined =>
  operations.find(({ id, method, path }) => name === id || name === `${method.toUpperCase()} ${path}`);

// not strict: a document has members that are not JSON Schema
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
for (const [name, document] of documents) ajv.addSchema(document, name);

/** Follows the member names from `document`, and references on the way. Returns the value and its own pointer. */
function locate(document: string, pointer: readonly string[]): { value: unknown; pointer: string[] } {
  let value: unknown = documents.get(document);
  let at: string[] = [];
  for (const name of pointer) {
    value = (value as Record<string, unknown> | undefined)?.[name];
    at = [...at, name];
    const reference = (value as { $ref?: unknown } | undefined)?.$ref;
    if (typeof reference === 'string') {
      const target = reference.slice(2).split('/').map(unescapePart);
      ({ value, pointer: at } = locate(document, target));
    }
  }
  return { value, pointer: at };
}

const unescapePart = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
const escapePart = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

function validator(document: string, pointer: readonly string[]): ValidateFunction {
  const reference = `${document}#/${pointer.map(escapePart).map(encodeURIComponent).join('/')}`;
  return ajv.getSchema(reference) ?? ajv.compile({ $ref: reference });
}

function check(document: string, pointer: readonly string[], value: unknown, what: string): void {
  const valid = validator(document, pointer);
  if (!valid(value)) {
    throw new Error(
      `${what} is not as documented: ${ajv.errorsText(valid.errors)}: ${JSON.stringify(value)}`,
    );
  }
}

/** The documented response of one operation for a status, with references resolved. */
function answerOf({ document, method, path, described }: Operation, status: number) {
  const key = [String(status), 'default'].find((candidate) => candidate in described.responses);
  if (key === undefined) throw new Error(`${method} ${path}: the status ${status} is not documented`);
  return locate(document, ['paths', path, method, 'responses', key]) as { value: Answer; pointer: string[] };
}

/**
 * Throws unless the documents allow a response: its status, its headers, its media type and its body. `name` is an
 * operation id or `METHOD /path/{as}/documented`. `body` is the unparsed text.
 */
export function checkAnswer(name: string, status: number, headers: Headers, body: string): void {
  const operation = findOperation(name);
  if (!operation) throw new Error(`no document describes ${name}`);
  const { document } = operation;
  const { value: answer, pointer } = answerOf(operation, status);
  const where = `${name}: ${status}`;

  for (const header of Object.keys(answer.headers ?? {})) {
    const found = locate(document, [...pointer, 'headers', header]) as { value: Header; pointer: string[] };
    const given = headers.get(header);
    if (given === null && found.value.required) throw new Error(`${where}: the header ${header} is missing`);
    if (given !== null) check(document, [...found.pointer, 'schema'], given, `${where}: header ${header}`);
  }
  if (!answer.content) {
    if (body !== '') throw new Error(`${where}: a body where none is documented`);
    return;
  }
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  if (!(type in answer.content)) throw new Error(`${where}: the media type '${type}' is not documented`);
  const value: unknown = /[/+]json$/.test(type) ? JSON.parse(body) : body;
  check(document, [...pointer, 'content', type, 'schema'], value, where);
}

/** Compiles every schema of every response, which detects references without a target. */
export function compileAll(): number {
  let compiled = 0;
  for (const operation of operations) {
    for (const status of Object.keys(operation.described.responses)) {
      const key = ['paths', operation.path, operation.method, 'responses', status];
      const { value, pointer } = locate(operation.document, key) as { value: Answer; pointer: string[] };
      for (const type of Object.keys(value.content ?? {})) {
        validator(operation.document, [...pointer, 'content', type, 'schema'])(null);
        compiled += 1;
      }
    }
  }
  return compiled;
}
