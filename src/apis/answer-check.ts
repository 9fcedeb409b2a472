import type { ErrorObject } from 'ajv';
import type { DescribedAnswer, DescribedOperation } from './document.ts';
import { type Check, objectOf, type Schemas } from './schemas.ts';

/** A response as a handler produced it. */
export interface Answer {
  status: number;
  /** The media type without its parameters; empty when there is none. */
  type: string;
  /** A value to be sent as JSON, or a text, bytes or a stream. */
  body: unknown;
  /** By name in lower case; not checked if undefined. */
  headers?: Readonly<Record<string, unknown>>;
}

const JSON_TYPE = /[/+]json$/;

const isEmpty = (body: unknown): boolean =>
  body === undefined || body === null || body === '' || (Buffer.isBuffer(body) && body.length === 0);

/** Returns the value that the client will read. */
const asRead = (body: unknown): unknown =>
  JSON.parse(typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body));

const told = (errors: readonly ErrorObject[]): string =>
  errors.map(({ instancePath, message }) => `${instancePath} ${message}`.trim()).join(', ');

/** Returns a function that lists the problems of a response body. */
function bodyCheck({ content }: DescribedAnswer, { compile }: Schemas): (answer: Answer) => string[] {
  if (!content)
    return ({ body, type }) => [
      ...(isEmpty(body) ? [] : ['it has a body, but none is documented']),
      ...(type === '' ? [] : [`it has the media type ${type}, but no body is documented`]),
    ];
  const checks = new Map<string, Check>(
    Object.entries(content).map(([type, { schema = {} }]) => [type, compile(schema)]),
  );
  return ({ body, type }) => {
    const check = checks.get(type);
    if (!check) return [`the media type '${type}' is not documented`];
    if (isEmpty(body)) return ['it has no body'];
    const errors = JSON_TYPE.test(type) ? check(asRead(body)) : [];
    return errors.length > 0 ? [`invalid body: ${told(errors)}`] : [];
  };
}

/** Returns a function that lists the problems of response headers. */
function headerCheck({ headers = {} }: DescribedAnswer, { compile }: Schemas): (answer: Answer) => string[] {
  const members = Object.entries(headers).map(([name, one]) => ({ ...one, name: name.toLowerCase() }));
  const check = compile(objectOf(members));
  return (answer) => {
    const errors = answer.headers ? check({ ...answer.headers }) : [];
    return errors.length > 0 ? [`invalid headers: ${told(errors)}`] : [];
  };
}

/** Returns a function that throws, with all problems, unless the response of the operation is documented. */
export function answerCheck(
  { operationId, responses }: DescribedOperation,
  { texts, values }: { texts: Schemas; values: Schemas },
): (answer: Answer) => void {
  const checks = new Map(
    Object.entries(responses).map(([status, described]) => {
      const parts = [bodyCheck(described, values), headerCheck(described, texts)];
      return [status, (answer: Answer) => parts.flatMap((part) => part(answer))];
    }),
  );
  return (answer) => {
    const check = checks.get(String(answer.status)) ?? checks.get('default');
    const wrong = check ? check(answer) : ['the status is not documented'];
    if (wrong.length > 0)
      throw new Error(`${operationId} must not respond with this ${answer.status}: ${wrong.join('; ')}`);
  };
}
