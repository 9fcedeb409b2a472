import type { PartitionResult } from './partitions.ts';
import type { TableSize } from './sizes.ts';
import type { SweepResult } from './sweeping.ts';
import type { Upgrade } from './upgrade.ts';

/** One statement among few accounts and among many. */
export interface HotStatement {
  /** The name of the prepared statement, or the beginning of the statement. */
  statement: string;
  few: StatementFigures;
  many: StatementFigures;
}

/** The averages of one call, except for p99. */
export interface StatementFigures {
  calls: number;
  /** The 8 KiB pages accessed, and how many of them were not in `shared_buffers`. */
  blocks: number;
  blocksRead: number;
  /** Milliseconds in PostgreSQL. */
  ms: number;
  p99: number;
}

/** The latencies that customers experience, in milliseconds per request. */
export interface TrafficFigures {
  name: string;
  few: { p50: number; p99: number };
  many: { p50: number; p99: number };
  /** The median of the rounds' p99 ratios, many to few. */
  ratio: number;
  errors: number;
}

/** The results for one size of the deployment. */
export interface SideResult {
  accounts: number;
  databaseBytes: number;
  /** The upgrade from the schema of the oldest release to the current one. */
  upgrade: Upgrade;
  /** The median of the milliseconds from the start of a process until it is ready. */
  startMs: number;
  sweep: SweepResult;
}

export interface GrowthResults {
  at: string;
  machine: string;
  seconds: number;
  rounds: number;
  few: SideResult;
  many: SideResult;
  statements: HotStatement[];
  traffic: TrafficFigures[];
  /** Of the larger database. */
  tables: TableSize[];
  partitions: PartitionResult;
}
