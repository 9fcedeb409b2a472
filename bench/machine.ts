import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { postgresPrograms } from './services/postgres.ts';

/** Shortens `postgres (PostgreSQL) 15.8 (…)` to `PostgreSQL 15.8`. Returns `no PostgreSQL` when it is not installed. */
function postgresVersion(): string {
  try {
    const program = join(postgresPrograms(), 'postgres');
    const told = execFileSync(program, ['--version'], { encoding: 'utf8' });
    return `PostgreSQL ${/\d[\d.]*/.exec(told)?.[0] ?? 'of an unknown version'}`;
  } catch {
    return 'no PostgreSQL';
  }
}

/** Describes the machine in one line: processor, available cores, memory, operating system, Node and PostgreSQL. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() || process.arch;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${model}, ${availableParallelism()} cores, ${memory}, ${type()}, Node ${process.versions.node}, ${postgresVersion()}`;
}

if (import.meta.main) console.log(machine());
