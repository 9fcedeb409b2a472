import type { ErrorObject } from 'ajv';
import type { Finding } from './api.ts';
import type { Schema } from './document.ts';

/** Worst first: of several things wrong with one member, the first is reported. */
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

/** The whole body, when it is not even an object. */
const WHOLE = 'body';

interface Located {
  path: readonly string[];
  problem: Finding['problem'];
}

/** RFC 6901 §4. */
const memberName = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** The member that an error is about: one that is missing or not known is named beside the path, not in it. */
function locate({ instancePath, keyword, params }: ErrorObject): Located {
  const path = instancePath.split('/').slice(1).map(memberName);
  const beside = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  return {
    path: beside === undefined ? path : [...path, String(beside)],
    problem: BY_KEYWORD[keyword] ?? 'format',
  };
}

/** Where a member is in its schema, level by level; what the schema does not have stands last. */
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
 * What ajv found, by the names of the members (`title.id`), in the order of the schema, each member once.
 * The schema must not branch (`anyOf`, `oneOf`): of those, ajv reports every branch that was not meant.
 */
export function findings(errors: readonly ErrorObject[], schema: Schema): Finding[] {
  const sorted = errors
    .map((error) => ({ ...locate(error), at: position(locate(error).path, schema) }))
    .sort((a, b) => compare(a.at, b.at) || PROBLEMS.indexOf(a.problem) - PROBLEMS.indexOf(b.problem))
    .map(({ path, problem }) => ({ field: path.join('.') || WHOLE, problem }));
  return sorted.filter(({ field }, index) => sorted.findIndex((other) => other.field === field) === index);
}
