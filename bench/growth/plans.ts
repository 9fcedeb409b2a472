import type pg from 'pg';
import { median } from '../load.ts';

interface Node {
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Node[];
}

interface Explained {
  Plan: Node;
  'Planning Time': number;
  'Execution Time': number;
}

/** What one execution of a statement cost. */
export interface Plan {
  blocks: number;
  /** Of the node at the top only: of a write, without what was read for it. */
  modifyBlocks: number;
  planMs: number;
  executionMs: number;
}

const blocksOf = (node: Node | undefined): number =>
  node ? node['Shared Hit Blocks'] + node['Shared Read Blocks'] : 0;

/** Runs a statement under EXPLAIN; its own result is thrown away. */
export async function planOf(client: pg.Client, statement: string, values: unknown[]): Promise<Plan> {
  const { rows } = await client.query<{ 'QUERY PLAN': [Explained] }>(
    `explain (analyze, buffers, format json) ${statement}`,
    values,
  );
  const [{ Plan: plan, ...times }] = (rows[0] as { 'QUERY PLAN': [Explained] })['QUERY PLAN'];
  return {
    blocks: blocksOf(plan),
    modifyBlocks: blocksOf(plan) - blocksOf(plan.Plans?.[0]),
    planMs: times['Planning Time'],
    executionMs: times['Execution Time'],
  };
}

/** Medians of lookups. */
export const totalsOf = (plans: readonly Plan[]) => ({
  readBlocks: median(plans.map(({ blocks }) => blocks)),
  planMs: median(plans.map(({ planMs }) => planMs)),
  readMs: median(plans.map(({ executionMs }) => executionMs)),
});

/** Bytes that are written to the write-ahead log during `work`, by all of the server. */
export async function walBytes(client: pg.Client, work: () => Promise<unknown>): Promise<number> {
  const position = async (): Promise<string> => {
    const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn');
    return rows[0]?.lsn ?? '0/0';
  };
  const before = await position();
  await work();
  const { rows } = await client.query<{ bytes: string }>('select pg_wal_lsn_diff($1, $2) as bytes', [
    await position(),
    before,
  ]);
  return Number(rows[0]?.bytes);
}
