import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { atEnd } from '../support/at-end.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';

/** The time limit for a log line. Workers start one after another, on a machine that may be busy with other tests. */
const SAID_WITHIN_MS = 100_000;
/** The pause between the requests of a stream: long enough for an idle connection, short enough for a busy one. */
const PACE_MS = 10;

/** A line of the log. */
export interface Line {
  msg: string;
  worker?: number;
  pid?: number;
  route?: string;
  [worker: string]: unknown;
}

export interface ClusterProcess extends ServerProcess {
  lines(): Line[];
  /** Waits for a log line with these members. */
  said(workers: Partial<Line>): Promise<Line>;
  /** The process ids of the workers that became ready, by worker number. */
  pids(): Map<number, number>;
  /** Writes the settings that workers read at their start. */
  settings(yaml: string): Promise<void>;
}

const has = (line: Line, workers: Partial<Line>): boolean =>
  Object.entries(workers).every(([name, value]) => line[name] === value);

/** Starts a primary with two ready workers, on the run's database. */
export async function startCluster(yaml: string, env: Record<string, string> = {}): Promise<ClusterProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-cluster-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'settings.yaml');
  const settings = (text: string): Promise<void> => writeFile(file, text);
  await settings(yaml);
  const server = await startProcess({ env: { WORKERS: '2', CONFIG_FILE: file, ...env } });

  const lines = (): Line[] =>
    server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Line);
  const said = async (workers: Partial<Line>): Promise<Line> => {
    const deadline = performance.now() + SAID_WITHIN_MS;
    for (;;) {
      const found = lines().find((line) => has(line, workers));
      if (found) return found;
      if (performance.now() > deadline || server.child.exitCode !== null) {
        const told = lines().filter(({ msg }) => msg !== 'request');
        throw new Error(`not said: ${JSON.stringify(workers)}, but ${JSON.stringify(told, undefined, 1)}`);
      }
      await pause(50);
    }
  };
  await said({ msg: 'ready', workers: 2 });
  return {
    ...server,
    lines,
    said,
    settings,
    pids: () =>
      new Map(
        lines()
          .filter(({ msg }) => msg === 'worker ready')
          .map(({ worker, pid }) => [worker as number, pid as number]),
      ),
  };
}

/** Sends one GET, on a new connection unless an agent is given. Returns status and body. */
export const get = (
  url: string,
  agent: Agent | false = false,
): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.once('error', reject).once('end', () => resolve({ status: answer.statusCode, text }));
    });
    asked.once('error', reject).end();
  });

/** The values of a metric, by their labels as text. */
export async function metric(url: string, name: string): Promise<Record<string, number>> {
  const { status, text } = await get(`${url}/metrics`);
  expect(status).to.equal(200);
  const found = text
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)));
  return Object.fromEntries(
    found.map((line) => [
      line.slice(name.length, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' '))),
    ]),
  );
}

/** Repeats a request on one persistent connection until `stop`. Returns the errors and the statuses other than 200. */
export function stream(url: string): { stop(): Promise<{ asked: number; lost: string[] }> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const lost: string[] = [];
  let asked = 0;
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      asked += 1;
      const answer = await get(url, agent).catch((error: NodeJS.ErrnoException) => error);
      if (answer instanceof Error) lost.push(answer.code ?? answer.message);
      else if (answer.status !== 200) lost.push(String(answer.status));
      await pause(PACE_MS);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await running;
      agent.destroy();
      return { asked, lost };
    },
  };
}
