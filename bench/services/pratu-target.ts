import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { APP, type BenchClient, MACHINE } from '../clients.ts';
import { PERSON } from '../person.ts';
import type { Target } from '../target.ts';
import { startPratu } from './pratu.ts';
import { statementsDuring } from './statements.ts';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../src/bin/pratu.ts', import.meta.url));

/** Limits and lifetimes for a load that comes from one address and uses values created minutes before. */
const SETTINGS = `
attempts:
  perAddress: 100000000
  inTotal: 100000000
  beginningsPerAddress: 100000000
tokens:
  authorizationCode: 600
`;

export interface PratuTargetOptions {
  name: string;
  /** Defaults to the embedded database. */
  databaseUrl?: string;
  /** The postmaster of that database. */
  databasePid?: number;
  redisUrl?: string;
  workers?: number;
  /** The key of the server and of programs that create its cookies, in base64. Defaults to a new one. */
  secretKey?: string;
  /** Additional settings, in YAML. */
  settings?: string;
  /** Additional environment variables. */
  env?: Record<string, string>;
}

/** Starts the product with the clients of the measurements, which its command registers. */
export async function startPratuTarget(options: PratuTargetOptions): Promise<Target> {
  const { name, databaseUrl, databasePid, redisUrl, workers = 1, secretKey } = options;
  const folder = await mkdtemp(join(tmpdir(), 'pratu-target-'));
  const env = {
    DATA_DIR: join(folder, 'data'),
    SECRET_KEY: secretKey ?? randomBytes(32).toString('base64'),
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  };
  const settings = SETTINGS + (options.settings ?? '');
  // for the command, which uses the settings of its server
  const settingsFile = join(folder, 'settings.yaml');
  await writeFile(settingsFile, settings);
  const server = await startPratu({
    ...(redisUrl ? { redisUrl } : {}),
    env: { ...env, ...options.env, WORKERS: String(workers) },
    settings,
  });

  async function register(metadata: object): Promise<BenchClient> {
    const file = join(folder, 'client.json');
    await writeFile(file, JSON.stringify(metadata));
    const { stdout } = await run(
      process.execPath,
      [COMMAND, 'client', 'create', '--json', '--metadata', file],
      {
        env: { PATH: process.env.PATH, CONFIG_FILE: settingsFile, ...env },
      },
    );
    return JSON.parse(stdout) as BenchClient;
  }

  async function stop(): Promise<void> {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const clients = { app: await register(APP), machine: await register(MACHINE) };
    const { url, pid } = server;
    const target: Target = { name, url, pid, clients, person: PERSON, stop };
    if (databasePid) target.databasePid = databasePid;
    if (databaseUrl) target.countStatements = (work) => statementsDuring(databaseUrl, work);
    return target;
  } catch (error) {
    await stop();
    throw error;
  }
}
