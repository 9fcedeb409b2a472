/** The calls of one statement in PostgreSQL's log. */
export interface Duration {
  /** The name of a prepared statement; empty for other statements. */
  name: string;
  /** The duration of each call: execution, and parsing and planning where they occurred. */
  milliseconds: number[];
}

interface Line {
  dbname?: string;
  pid?: number;
  message?: string;
}

const STEP = /^duration: ([\d.]+) ms {2}(parse|bind|execute) (\S+): /;
const SIMPLE = /^duration: ([\d.]+) ms {2}statement: /;
/** A 64-bit number, which JSON.parse would round. */
const QUERY_ID = /"query_id":(-?\d+)/;

/**
 * Reads lines of `jsonlog`, written with `log_min_duration_statement = 0`. Returns the durations in one database by
 * query ID.
 */
export async function durationsIn(
  log: AsyncIterable<string>,
  database: string,
): Promise<Map<string, Duration>> {
  const found = new Map<string, Duration>();
  /** The milliseconds of the steps before the execution, by process. */
  const before = new Map<number, number>();
  const add = (id: string, name: string, milliseconds: number): void => {
    const known = found.get(id) ?? { name, milliseconds: [] };
    known.milliseconds.push(milliseconds);
    found.set(id, known);
  };
  for await (const text of log) {
    const id = QUERY_ID.exec(text)?.[1];
    // the last line may be incomplete
    if (id === undefined || !text.endsWith('}')) continue;
    const { dbname, pid = 0, message = '' } = JSON.parse(text) as Line;
    if (dbname !== database) continue;
    const simple = SIMPLE.exec(message);
    if (simple) add(id, '', Number(simple[1]));
    const [, duration, step, name = ''] = STEP.exec(message) ?? [];
    if (step === undefined) continue;
    const milliseconds = (before.get(pid) ?? 0) + Number(duration);
    before.delete(pid);
    if (step === 'execute') add(id, name === '<unnamed>' ? '' : name, milliseconds);
    else before.set(pid, milliseconds);
  }
  return found;
}
