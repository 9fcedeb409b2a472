import type { PartitionResult } from './partitions.ts';
import type { TableSize } from './sizes.ts';
import type { SweepResult } from './sweeping.ts';
import type { Upgrade } from './upgrade.ts';

/** One statement among few accounts and among many. */
export interface HotStatement {
  /** Name of the prepared statement, or its beginning. */
  statement: string;
  few: StatementFigures;
  many: StatementFigures;
}

/** One call, on average, but for p99. */
export interface StatementFigures {
  calls: number;
  /** Pages of 8 KiB; those that were not in `shared_buffers`. */
  blocks: number;
  blocksRead: number;
  /** Milliseconds in PostgreSQL. */
  ms: number;
  p99: number;
}

/** What customers noticed: milliseconds of a request. */
export interface TrafficFigures {
  name: string;
  few: { p50: number; p99: number };
  many: { p50: number; p99: number };
  /** Median of the rounds' ratios of p99, many to few. */
  ratio: number;
  errors: number;
}

/** A size of the deployment. */
export interface SideResult {
  accounts: number;
  databaseBytes: number;
  /** From the schema of the oldest release to that of today. */
  upgrade: Upgrade;
  /** Milliseconds from the start of a process to its readiness; median. */
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
