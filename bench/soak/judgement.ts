import { median } from '../load.ts';
import type { Sample } from './sampling.ts';

/** One figure in the first and in the last third of the measurement. */
export interface Comparison {
  what: string;
  unit: 'MiB' | 'rows' | 'KiB' | 'ms';
  first: number;
  last: number;
  /** The maximum of the last value; undefined when there is no limit. */
  most?: number;
  flat: boolean;
}

const MIB = 2 ** 20;
const KIB = 2 ** 10;

/**
 * The time until everything that fills intentionally is full: caches, pages, and rows until the first of them expire.
 */
const FILLING_SECONDS = 105;

/**
 * The growth that still counts as flat.
 * - The heap is checked right after a collection, in any state of the process. A leak of half a KiB per request is 12
 *   MiB between the thirds of ten minutes, at a hundred requests per second.
 * - The resident memory also includes what V8 and malloc keep for later.
 * - Rows: the number of live rows depends on the phase of the sweep and on the recent load. A load that waits for
 *   responses does more when the machine is less busy.
 * - Bytes: a table keeps the pages of its largest size, and its dead rows until the next vacuum.
 */
const MOST = {
  heap: (first: number) => first * 1.05 + 6 * MIB,
  rss: (first: number) => first * 1.1 + 24 * MIB,
  rows: (busier: number) => (first: number) => first * 1.2 * busier + 200,
  bytes: (busier: number) => (first: number) => first * 1.3 * busier + 256 * KIB,
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The time that most rows live. The rate is computed over this time before each sample. */
const LIVE_SECONDS = 75;
const rateAt = (samples: readonly Sample[], { seconds, done }: Sample): number => {
  const before = samples.findLast((sample) => sample.seconds <= seconds - LIVE_SECONDS);
  return (done - (before?.done ?? 0)) / (seconds - (before?.seconds ?? 0));
};

/** Compares the first third of the samples with the last, after everything has filled. */
export function judge(samples: readonly Sample[]): Comparison[] {
  const end = samples.at(-1)?.seconds ?? 0;
  const measured = samples.filter(({ seconds }) => seconds >= Math.max(FILLING_SECONDS, end / 5));
  const third = Math.max(1, Math.floor(measured.length / 3));
  const [early, late] = [measured.slice(0, third), measured.slice(-third)];

  const rateOf = (some: Sample[]): number => median(some.map((sample) => rateAt(samples, sample)));
  const busier = Math.max(1, rateOf(late) / rateOf(early));

  function compare(
    what: string,
    unit: Comparison['unit'],
    scale: number,
    read: (sample: Sample) => number,
    limit?: (first: number) => number,
  ): Comparison {
    const [first, last] = [median(early.map(read)), median(late.map(read))];
    const most = limit?.(first);
    return {
      what,
      unit,
      first: rounded(first / scale),
      last: rounded(last / scale),
      ...(most === undefined ? {} : { most: rounded(most / scale) }),
      flat: most === undefined || last <= most,
    };
  }

  const processes = (samples[0]?.processes ?? []).flatMap((_, index) => [
    compare(
      `process ${index + 1}: heap`,
      'MiB',
      MIB,
      ({ processes: all }) => all[index]?.heap ?? 0,
      MOST.heap,
    ),
    compare(
      `process ${index + 1}: memory`,
      'MiB',
      MIB,
      ({ processes: all }) => all[index]?.rss ?? 0,
      MOST.rss,
    ),
    compare(`process ${index + 1}: lag, p99`, 'ms', 1, ({ processes: all }) => all[index]?.lagP99Ms ?? 0),
  ]);
  const names = Object.keys(samples.at(-1)?.tables ?? {});
  // tables that the load does not touch prove nothing
  const moving = names.filter(
    (name) => new Set(measured.map(({ tables }) => `${tables[name]?.rows} ${tables[name]?.bytes}`)).size > 1,
  );
  const tables = moving.flatMap((name) => [
    compare(name, 'rows', 1, ({ tables: all }) => all[name]?.rows ?? 0, MOST.rows(busier)),
    compare(name, 'KiB', KIB, ({ tables: all }) => all[name]?.bytes ?? 0, MOST.bytes(busier)),
  ]);
  return [...processes, ...tables];
}
