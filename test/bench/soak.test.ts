import { expect } from 'chai';
import { judge } from '../../bench/soak/judgement.ts';
import type { Sample } from '../../bench/soak/sampling.ts';

const MIB = 2 ** 20;
const EVERY_SECONDS = 15;
const MINUTES = 10;

/** Samples of ten minutes without growth, except for the change at each second. */
const samples = (
  change: (seconds: number) => { heap?: number; rows?: number; bytes?: number; done?: number },
) =>
  Array.from({ length: (MINUTES * 60) / EVERY_SECONDS }, (_, index): Sample => {
    const seconds = (index + 1) * EVERY_SECONDS;
    const { heap = 0, rows = 0, bytes = 0, done = 0 } = change(seconds);
    // fluctuations of a process at work
    const busy = (index % 4) * MIB;
    return {
      seconds,
      done: 50 * seconds + done,
      processes: [{ rss: 300 * MIB, heap: 60 * MIB + busy + heap, lagP99Ms: 20 }],
      tables: { records: { rows: 5000 + (index % 3) * 100 + rows, bytes: 4 * MIB + index + bytes } },
    };
  });

const grown = (all: Sample[]): string[] =>
  judge(all)
    .filter(({ flat }) => !flat)
    .map(({ what, unit }) => `${what} ${unit}`);

describe('the verdict of a soak', () => {
  it('is flat when nothing grows but for a moment', () => {
    expect(grown(samples(() => ({})))).to.deep.equal([]);
    expect(judge(samples(() => ({}))).map(({ what }) => what)).to.deep.equal([
      'process 1: heap',
      'process 1: memory',
      'process 1: lag, p99',
      'records',
      'records',
    ]);
  });

  it('sees half a KiB that every request leaves behind, at a hundred requests a second', () => {
    expect(grown(samples((seconds) => ({ heap: 512 * 100 * seconds })))).to.deep.equal([
      'process 1: heap MiB',
    ]);
  });

  it('sees rows that nobody sweeps, and a table that keeps their room', () => {
    expect(grown(samples((seconds) => ({ rows: 10 * seconds })))).to.deep.equal(['records rows']);
    expect(grown(samples((seconds) => ({ bytes: 10_000 * seconds })))).to.deep.equal(['records KiB']);
  });

  it('does not count what fills at the beginning as growth', () => {
    const filling = (seconds: number): number => Math.min(1, seconds / 100);
    expect(
      grown(samples((seconds) => ({ heap: 40 * MIB * filling(seconds), rows: 9000 * filling(seconds) }))),
    ).to.deep.equal([]);
  });

  it('expects more rows of a load that does more', () => {
    const twice = (seconds: number) => Math.max(0, seconds - 300);
    const busier = samples((seconds) => ({
      done: 50 * twice(seconds),
      rows: seconds > 375 ? 5000 : 0,
      bytes: seconds > 375 ? 4 * MIB : 0,
    }));
    expect(grown(busier)).to.deep.equal([]);
    const same = samples((seconds) => ({ rows: seconds > 375 ? 5000 : 0 }));
    expect(grown(same)).to.deep.equal(['records rows']);
  });
});
