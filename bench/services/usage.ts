import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The resource usage of a process and its children. */
export interface Usage {
  /** Resident memory, in MiB. */
  memory: number;
  /** The processor time since the start, in ms. 0 where the system does not report it precisely enough. */
  cpuMs: number;
}

/** Linux counts in hundredths of a second (`USER_HZ`), independent of the kernel's own clock. */
const TICK_MS = 10;
/**
 * Field positions after the program name, which may contain any character (proc(5)): utime and stime; below, those of
 * ended children.
 */
const OWN = [11, 12];
const CHILDREN = [13, 14];

async function cpuOf(pid: number, places: readonly number[]): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return places.reduce((sum, place) => sum + Number(fields[place] ?? 0) * TICK_MS, 0);
}

export async function usageOf(pid: number): Promise<Usage> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const members = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number])
    .filter(([own, parent]) => own === pid || parent === pid);
  const cpu = await Promise.all([
    ...members.map(([own]) => cpuOf(own, OWN)),
    // the process of a connection may have ended since the last measurement
    cpuOf(pid, CHILDREN),
  ]);
  return {
    memory: Math.round(members.reduce((sum, [, , kib]) => sum + kib, 0) / 1024),
    cpuMs: cpu.reduce((sum, ms) => sum + ms, 0),
  };
}
