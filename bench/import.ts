import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { endWithUsage, readCommandLine, wholeNumber } from './command-line.ts';
import { machine } from './machine.ts';
import { keepTrack, runCommand } from './running.ts';
import { startPostgres } from './services/postgres.ts';

const PRATU = fileURLToPath(new URL('../src/bin/pratu.ts', import.meta.url));
const ROWS = 100_000;
const KIB_PER_MIB = 1024;

const base64 = (bytes: number): string => randomBytes(bytes).toString('base64');
const unpadded = (bytes: number): string => base64(bytes).replace(/=+$/, '');
const crypt = (characters: number): string => base64(characters).replaceAll('+', '.').slice(0, characters);

/**
 * Generates a hash in each format, as other systems write it. None is used for a sign-in, because an import does not
 * hash.
 */
const HASHES: readonly (() => string)[] = [
  () => `$2b$12$${crypt(53)}`,
  () => `$argon2id$v=19$m=65536,t=3,p=4$${unpadded(16)}$${unpadded(32)}`,
  () => `pbkdf2_sha256$1000000$${crypt(22).replaceAll(/\W/g, 'x')}$${base64(32)}`,
  () => `$pbkdf2-sha512$210000$${crypt(22).replaceAll('/', '.')}$${crypt(86)}`,
  () =>
    JSON.stringify({
      secretData: JSON.stringify({ value: base64(64), salt: base64(16), additionalParameters: {} }),
      credentialData: JSON.stringify({ hashIterations: 210_000, algorithm: 'pbkdf2-sha512' }),
    }),
  () => `$scrypt$ln=16,r=8,p=1$${unpadded(16)}$${unpadded(32)}`,
  () => `$fbscrypt$${base64(10)}$${base64(64)}`,
  () => `$6$rounds=656000$${crypt(16)}$${crypt(86)}`,
];

const rowOf = (index: number): string =>
  `${JSON.stringify({
    external_id: `user-${index}`,
    mobile: `+66${900_000_000 + index}`,
    mobile_verified: true,
    email: `person${index}@example.com`,
    email_verified: index % 3 !== 0,
    given_name: 'สมชาย',
    family_name: `ใจดี`,
    birthdate: '1990-02-28',
    gender: 'male',
    locale: 'th',
    password_hash: HASHES[index % HASHES.length]?.(),
    created_at: '2020-01-01T00:00:00Z',
    bindings: index % 10 === 0 ? [{ provider: 'line', external_id: `U${index}` }] : [],
  })}\n`;

function* rows(count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) yield rowOf(index);
}

interface Ran {
  seconds: number;
  /** The peak resident memory, in MiB. */
  peakMiB: number;
  summary: Record<string, number> | undefined;
  reported: number;
}

/** Runs the command on a file. Kills it after `killAfter` reports. */
async function importFile(
  file: string,
  databaseUrl: string,
  dataDir: string,
  killAfter?: number,
): Promise<Ran> {
  const started = performance.now();
  const child = spawn(process.execPath, [PRATU, 'account', 'import', file], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      FIREBASE_SIGNER_KEY: base64(64),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await keepTrack({
    async stop() {
      child.kill('SIGKILL');
    },
  });
  const exited = once(child, 'exit');
  let peakKiB = 0;
  let reported = 0;
  let summary: Ran['summary'];
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // it has ended
    }
  };
  const looking = setInterval(look, 50);
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"summary"')) summary = JSON.parse(line).summary;
    else reported += 1;
    if (reported === killAfter) child.kill('SIGKILL');
  }
  await exited;
  clearInterval(looking);
  return { seconds: (performance.now() - started) / 1000, peakMiB: peakKiB / KIB_PER_MIB, summary, reported };
}

/** Counts accounts, and values that more than one account has. */
async function countIn(databaseUrl: string): Promise<{ accounts: number; cards: number; doubled: number }> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows: found } = await client.query(`
      select (select count(*) from accounts where external_id is not null)::int as accounts,
        (select count(*) from cards c join accounts a on a.id = c.account_id where external_id is not null)::int as cards,
        (select count(*) from (select key from contacts group by kind, key having count(*) > 1) d)::int as doubled`);
    return found[0];
  } finally {
    await client.end();
  }
}

async function measureImport(count: number): Promise<void> {
  const postgres = await keepTrack(startPostgres());
  const folder = await mkdtemp(join(tmpdir(), 'pratu-bench-import-'));
  await keepTrack({ stop: () => rm(folder, { recursive: true, force: true }) });
  const [file, empty] = [join(folder, 'rows.ndjson'), join(folder, 'empty.ndjson')];
  await pipeline(Readable.from(rows(count)), createWriteStream(file));
  await pipeline(Readable.from([]), createWriteStream(empty));

  const databaseUrl = await postgres.create('pratu');
  await importFile(empty, databaseUrl, folder);
  const idle = await importFile(empty, databaseUrl, folder);
  const show = (what: string, { seconds, peakMiB, summary }: Ran): void => {
    const speed = Math.round(count / (seconds - idle.seconds)).toLocaleString('en');
    const more = (peakMiB - idle.peakMiB).toFixed(0);
    console.log(
      `${what}: ${seconds.toFixed(1)} s, ${speed} rows a second, ${more} MiB more than an empty import (${peakMiB.toFixed(0)} MiB)`,
      summary ?? 'killed',
    );
  };
  console.log(`an empty import: ${idle.seconds.toFixed(1)} s, ${idle.peakMiB.toFixed(0)} MiB`);
  show(`${count.toLocaleString('en')} rows`, await importFile(file, databaseUrl, folder));
  show('the same again', await importFile(file, databaseUrl, folder));
  console.log(await countIn(databaseUrl));

  const second = await postgres.create('resumed');
  await importFile(empty, second, folder);
  const killed = await importFile(file, second, folder, Math.floor(count / 2));
  console.log(`killed after ${killed.reported} reports (SIGKILL):`, await countIn(second));
  show('run again', await importFile(file, second, folder));
  console.log(await countIn(second));
  console.log(machine());
}

const USAGE = `npm run bench:import -- [ROWS]

Imports so many rows (${ROWS.toLocaleString('en')} by default) with hashes of every format: rows a second, memory beyond that of an
empty import, the same file again, and a run that is killed halfway and resumed.`;

if (import.meta.main) {
  const { positionals } = readCommandLine({ usage: USAGE, operands: { least: 0, most: 1 } });
  const count = positionals[0] === undefined ? ROWS : wholeNumber(positionals[0]);
  if (!count) endWithUsage(USAGE, 'ROWS must be a whole number');
  await runCommand(() => measureImport(count));
}
