import { SpanKind } from '@opentelemetry/api';

/** The options of every span of a statement. */
export const STATEMENT = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } };

const OPERATION = /^\s*([a-z]+)/i;
const TARGET = /\b(?:from|into|update|join)\s+(?:only\s+)?"?([a-z_]+)"?/i;
/** `select pratu_take($1)` */
const CALLED = /^\s*select\s+([a-z]\w*)\(/i;

/**
 * Returns the name of a statement for a trace, such as `SELECT accounts`: its first word and the first table or
 * function that it mentions. Never returns its text: the values are parameters, but a name needs no more.
 */
export function statementName(sql: string): string {
  const operation = OPERATION.exec(sql)?.[1]?.toUpperCase() ?? 'SQL';
  const target = (TARGET.exec(sql) ?? CALLED.exec(sql))?.[1];
  return target === undefined ? operation : `${operation} ${target.toLowerCase()}`;
}
