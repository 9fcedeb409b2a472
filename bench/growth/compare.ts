import { median } from '../load.ts';
import type { StatementUse } from './hot-statements.ts';
import type { HotStatement, StatementFigures, TrafficFigures } from './results.ts';
import type { TrafficResult } from './traffic.ts';

/** The number of statements shown. */
const HOTTEST = 10;
const LABEL = 60;

/** Returns the value below which the given share of the values lies. */
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((one, other) => one - other)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? Number.NaN;

/** Merges the uses of each statement over several rounds. */
export function joined(rounds: readonly StatementUse[][]): Map<string, StatementUse> {
  const all = new Map<string, StatementUse>();
  for (const use of rounds.flat()) {
    const known = all.get(use.text);
    all.set(
      use.text,
      known
        ? {
            ...known,
            calls: known.calls + use.calls,
            blocks: known.blocks + use.blocks,
            blocksRead: known.blocksRead + use.blocksRead,
            executionMs: known.executionMs + use.executionMs,
            durationsMs: [...known.durationsMs, ...use.durationsMs],
          }
        : use,
    );
  }
  return all;
}

const figuresOf = ({
  calls,
  blocks,
  blocksRead,
  executionMs,
  durationsMs,
}: StatementUse): StatementFigures => ({
  calls,
  blocks: blocks / calls,
  blocksRead: blocksRead / calls,
  ms: executionMs / calls,
  p99: percentile(durationsMs, 0.99),
});

/** Returns a short label: `select … from accounts as a where …`, without the selected columns. */
const labelOf = ({ name, text }: StatementUse): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('"', '').trim();
  const short = line.replace(/^select (?!pratu_).*? from /, 'select … from ').slice(0, LABEL);
  return name || short;
};

/** Returns the statements with the most execution time among many accounts, with their figures on both sides. */
export function hottest(few: readonly StatementUse[][], many: readonly StatementUse[][]): HotStatement[] {
  const others = joined(few);
  return [...joined(many).values()]
    .sort((one, other) => other.executionMs - one.executionMs)
    .flatMap((use) => {
      const other = others.get(use.text);
      return other ? [{ statement: labelOf(use), few: figuresOf(other), many: figuresOf(use) }] : [];
    })
    .slice(0, HOTTEST);
}

/** Returns the latencies of each kind of request: medians of the rounds, and of the ratios of the rounds. */
export function trafficFigures(
  few: readonly TrafficResult[][],
  many: readonly TrafficResult[][],
): TrafficFigures[] {
  const kinds = few[0]?.map(({ name }) => name) ?? [];
  return kinds.map((name) => {
    const of = (rounds: readonly TrafficResult[][]): TrafficResult[] =>
      rounds.flatMap((round) => round.filter((one) => one.name === name));
    const [ours, theirs] = [of(few), of(many)];
    const medians = (all: TrafficResult[]) => ({
      p50: median(all.map(({ p50 }) => p50)),
      p99: median(all.map(({ p99 }) => p99)),
    });
    return {
      name,
      few: medians(ours),
      many: medians(theirs),
      ratio: median(theirs.map(({ p99 }, round) => p99 / Math.max(1, ours[round]?.p99 ?? 1))),
      errors: [...ours, ...theirs].reduce((sum, { errors }) => sum + errors, 0),
    };
  });
}
