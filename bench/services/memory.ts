import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Resident memory of a process and of those that it started, in MiB. */
export async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const kib = processes
    .filter(([own, parent]) => own === pid || parent === pid)
    .reduce((sum, [, , rss]) => sum + rss, 0);
  return Math.round(kib / 1024);
}
