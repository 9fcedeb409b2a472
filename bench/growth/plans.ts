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

/** The cost of one execution of a statement. */
export interface Plan {
  blocks: number;
  /** The pages of the top node only: for a write, without the pages read for it. */
  modifyBlocks: number;
  planMs: number;
  executionMs: number;
}

const blocksOf = (node: Node | undefined): number =>
  node ? node['Shared Hit Blocks'] + node['Shared Read Blocks'] : 0;

/** Runs a statement under EXPLAIN. Its result is discarded. */
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

/** The medians of lookups. */
export const totalsOf = (plans: readonly Plan[]) => ({
  readBlocks: median(plans.map(({ blocks }) => blocks)),
  planMs: median(plans.map(({ planMs }) => planMs)),
  readMs: median(plans.map(({ executionMs }) => executionMs)),
});

/** Returns the bytes written to the write-ahead log during `work` by the whole server. */
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
