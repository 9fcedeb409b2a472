import { setTimeout as pause } from 'node:timers/promises';
import type { PratuProcess } from '../services/pratu.ts';
import type { Deployment } from './deployment.ts';

/** The figures of one process, right after its garbage was collected: bytes, and milliseconds. */
export interface ProcessSample {
  rss: number;
  heap: number;
  lagP99Ms: number;
}

export interface TableSample {
  rows: number;
  /** Including its indexes. */
  bytes: number;
}

export interface Sample {
  /** The time since the start of the load. */
  seconds: number;
  /** The number of actions completed by then. */
  done: number;
  processes: ProcessSample[];
  tables: Record<string, TableSample>;
}

const metric = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);

/** The time for a collection, which takes a tenth of this. */
const COLLECTION_MS = 1000;

async function sampleProcess({ url, pid }: PratuProcess): Promise<ProcessSample> {
  process.kill(pid, 'SIGUSR2');
  await pause(COLLECTION_MS);
  const answer = await fetch(`${url}/metrics`);
  const text = await answer.text();
  const sample = {
    rss: metric(text, 'process_resident_memory_bytes'),
    heap: metric(text, 'nodejs_heap_size_used_bytes'),
    lagP99Ms: metric(text, 'nodejs_eventloop_lag_p99_seconds') * 1000,
  };
  if (Object.values(sample).some(Number.isNaN)) throw new Error(`no metrics at ${url}: ${answer.status}`);
  return sample;
}

/** Counts rows exactly, because the tables of a soak are small. */
async function sampleTables({ query }: Deployment): Promise<Record<string, TableSample>> {
  const tables = await query<{ name: string; bytes: string }>(
    `select relname as name, pg_total_relation_size(oid) as bytes from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  );
  const counts = await query<{ name: string; rows: string }>(
    tables.map(({ name }) => `select '${name}' as name, count(*) as rows from ${name}`).join(' union all '),
  );
  const rowsOf = new Map(counts.map(({ name, rows }) => [name, Number(rows)]));
  return Object.fromEntries(
    tables.map(({ name, bytes }) => [name, { rows: rowsOf.get(name) ?? 0, bytes: Number(bytes) }]),
  );
}

export async function takeSample(
  deployment: Deployment,
  { seconds, done }: Pick<Sample, 'seconds' | 'done'>,
): Promise<Sample> {
  const [processes, tables] = await Promise.all([
    Promise.all(deployment.processes.map(sampleProcess)),
    sampleTables(deployment),
  ]);
  return { seconds, done, processes, tables };
}
