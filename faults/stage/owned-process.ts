import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString());
/** PostgreSQL, Patroni and PgBouncer do not run as root. */
const OWNER = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;

/** Creates a temporary folder of the user that runs PostgreSQL. */
export async function ownFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `pratu-${name}-`));
  if (OWNER) await chown(folder, OWNER.uid, OWNER.gid);
  return folder;
}

export interface OwnedProcess {
  /** Suspends the process. */
  freeze(): void;
  /** Sends the signal and waits for the end. Does nothing when the process has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a program as the user that runs PostgreSQL. Its output is appended to `log`. */
export async function startOwned(
  program: string,
  args: readonly string[],
  log: string,
): Promise<OwnedProcess> {
  const output = openSync(log, 'a');
  const child: ChildProcess = spawn(program, args, {
    ...OWNER,
    cwd: '/',
    env: { PATH: `${process.env.PATH}:/usr/sbin`, LANG: 'C.UTF-8' },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  await once(child, 'spawn').catch(() => {
    throw new Error(`${program} is not installed: faults/README.md names the packages`);
  });
  const exited = once(child, 'exit');
  return {
    freeze: () => void child.kill('SIGSTOP'),
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}
