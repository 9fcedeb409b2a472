import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

type Environment = Record<string, string | undefined>;

export interface Program {
  /** The output so far. */
  output(): string;
  /** Enters a line. */
  type(line: string): void;
  /** Waits until the URL is served, for at most `withinMs`. */
  serves(url: string, withinMs?: number): Promise<void>;
  /** Waits for its end. Returns the exit code. */
  exited(): Promise<number | null>;
  /** Ends it with all processes that it has started. */
  end(): Promise<void>;
}

/** The environment of a developer's terminal: nothing of this test run, of npm, or of its servers. */
function terminalEnvironment(): Environment {
  const own = /^(npm_|INIT_CWD$|NODE$|NODE_ENV$|DATABASE_URL$|REDIS_URL$|DATABASE_POOLER$|SECRET_KEY$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** Starts a script in bash, in a process group of its own. */
export function startScript(script: string, cwd: string, env: Environment): Program {
  const child = spawn('bash', ['-ec', script], {
    cwd,
    env: { ...terminalEnvironment(), ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (written += String(part)));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;

  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-(child.pid as number), name);
    } catch {
      // the whole group has ended
    }
  };
  return {
    output: () => written,
    type: (line) => void child.stdin.write(`${line}\n`),
    async serves(url, withinMs = 240_000) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const answered = await fetch(url, { redirect: 'manual' }).then(
          ({ status }) => status < 500,
          () => false,
        );
        if (answered) return;
        if (ended() || performance.now() > deadline) throw new Error(`it does not serve ${url}:\n${written}`);
        await pause(100);
      }
    },
    exited: async () => (await closed)[0],
    async end() {
      signal('SIGTERM');
      const killing = setTimeout(signal, 3000, 'SIGKILL');
      await closed;
      clearTimeout(killing);
      // processes that bash started may outlive it
      signal('SIGKILL');
    },
  };
}

/** Runs a script to its end. Returns its output. Throws when it fails. */
export async function runScript(script: string, cwd: string, env: Environment): Promise<string> {
  const program = startScript(script, cwd, env);
  const code = await program.exited();
  if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${program.output()}`);
  return program.output();
}

/** Waits until the output of a program matches, for at most `withinMs`. Returns the match. */
export async function written(
  program: Program,
  pattern: RegExp,
  withinMs = 15_000,
): Promise<RegExpExecArray> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const match = pattern.exec(program.output());
    if (match) return match;
    if (performance.now() > deadline) throw new Error(`no ${pattern} in:\n${program.output()}`);
    await pause(50);
  }
}
