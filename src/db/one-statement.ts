import type { Db } from './database.ts';
import type { Statement } from './run-query.ts';

const PLACEHOLDER = /\$(\d+)/g;

/**
 * Statements as one: one transaction, one round trip. All but the last are an insert, an update or a delete without a
 * `with` of their own. None sees the rows that another writes. At least one is given.
 */
export function oneStatement(parts: readonly Statement[]): Statement {
  const values: unknown[] = [];
  const texts = parts.map(({ text, values: own }) => {
    const before = values.length;
    values.push(...own);
    return text.replaceAll(PLACEHOLDER, (_, number) => `$${before + Number(number)}`);
  });
  const before = texts.slice(0, -1).map((text, index) => `part_${index + 1} as (${text})`);
  return { text: `${before.length > 0 ? `with ${before.join(', ')} ` : ''}${texts.at(-1)}`, values };
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
