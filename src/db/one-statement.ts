import type { Db } from './database.ts';
import type { Statement } from './run-query.ts';

const PLACEHOLDER = /\$(\d+)/g;

/** An insert, an update or a delete without a `with` of its own, as a part of a statement. */
export interface Change extends Statement {
  /** The name by which later parts refer to the rows that it returns. */
  as?: string;
}

/**
 * Combines changes and a last statement, of any kind, into one: one transaction, one round trip. No part sees the rows
 * that another writes, except those that it returns. At least one part is required. `already` has further parts, whose
 * values come first.
 */
export function oneStatement(
  parts: readonly Change[],
  already: { parts: string; values: readonly unknown[] } = { parts: '', values: [] },
): Statement {
  const values = [...already.values];
  const texts = parts.map(({ text, values: own }) => {
    const before = values.length;
    values.push(...own);
    return text.replaceAll(PLACEHOLDER, (_, number) => `$${before + Number(number)}`);
  });
  const last = texts.pop();
  const named = texts.map((text, index) => `${parts[index]?.as ?? `part_${index + 1}`} as (${text})`);
  const all = [already.parts, ...named].filter(Boolean);
  return { text: `${all.length > 0 ? `with ${all.join(', ')} ` : ''}${last}`, values };
}

/** Runs a statement through Knex, whose placeholders have no numbers. */
export function runStatement<Row>(db: Db, { text, values }: Statement): Promise<{ rows: Row[] }> {
  const inOrder: unknown[] = [];
  const sql = text.replaceAll(PLACEHOLDER, (_, number) => {
    inOrder.push(values[Number(number) - 1]);
    return '?';
  });
  return Promise.resolve(db.raw(sql, inOrder as never[]));
}
