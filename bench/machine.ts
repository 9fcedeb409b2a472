import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { postgresPrograms } from './services/postgres.ts';

/** `postgres (PostgreSQL) 15.8 (…)` → `PostgreSQL 15.8`; what is not installed says so. */
function postgresVersion(): string {
  try {
    const program = join(postgresPrograms(), 'postgres');
    const told = execFileSync(program, ['--version'], { encoding: 'utf8' });
    return `PostgreSQL ${/\d[\d.]*/.exec(told)?.[0] ?? 'of an unknown version'}`;
  } catch {
    return 'no PostgreSQL';
  }
}

/** What figures were measured on, in one line: processor, how many of them we may use, memory, Node, PostgreSQL. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() || process.arch;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${model}, ${availableParallelism()} cores, ${memory}, ${type()}, Node ${process.versions.node}, ${postgresVersion()}`;
}

if (import.meta.main) console.log(machine());
