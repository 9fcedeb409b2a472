import type { ErrorObject } from 'ajv';
import type { Finding } from './api.ts';
import type { Schema } from './document.ts';

/** In order of severity. If a member has several problems, only the first one is reported. */
const PROBLEMS: readonly Finding['problem'][] = ['required', 'type', 'length', 'format', 'unknown'];

const BY_KEYWORD: Readonly<Record<string, Finding['problem']>> = {
  required: 'required',
  type: 'type',
  minLength: 'length',
  maxLength: 'length',
  minItems: 'length',
  maxItems: 'length',
  additionalProperties: 'unknown',
  unevaluatedProperties: 'unknown',
};

/** The field for the whole body, if it is not an object. */
const WHOLE = 'body';

interface Located {
  path: readonly string[];
  problem: Finding['problem'];
}

/** RFC 6901 §4. */
const memberName = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/**
 * Returns the member that an error is about. The name of a missing or unknown member is not part of the error's path.
 */
function locate({ instancePath, keyword, params }: ErrorObject): Located {
  const path = instancePath.split('/').slice(1).map(memberName);
  const beside = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  return {
    path: beside === undefined ? path : [...path, String(beside)],
    problem: BY_KEYWORD[keyword] ?? 'format',
  };
}

/**
 * Returns the position of a member in its schema, level by level. A member that the schema does not have comes last.
 */
function position(path: readonly string[], schema: Schema | undefined): number[] {
  const [name, ...rest] = path;
  if (name === undefined) return [];
  if (schema?.items) return [Number(name), ...position(rest, schema.items)];
  const members = Object.entries(schema?.properties ?? {});
  const at = members.findIndex(([member]) => member === name);
  return at < 0 ? [members.length] : [at, ...position(rest, members[at]?.[1])];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? -1);
}

/**
 * Converts errors of ajv into findings, by the names of the members (`title.id`), in the order of the schema, with each
 * member once. The schema must not branch (`anyOf`, `oneOf`), because ajv would report every branch that does not
 * apply.
 */
export function findings(errors: readonly ErrorObject[], schema: Schema): Finding[] {
  const sorted = errors
    .map((error) => ({ ...locate(error), at: position(locate(error).path, schema) }))
    .sort((a, b) => compare(a.at, b.at) || PROBLEMS.indexOf(a.problem) - PROBLEMS.indexOf(b.problem))
    .map(({ path, problem }) => ({ field: path.join('.') || WHOLE, problem }));
  return sorted.filter(({ field }, index) => sorted.findIndex((other) => other.field === field) === index);
}
