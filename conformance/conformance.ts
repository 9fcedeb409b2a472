import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { endWithUsage, readCommandLine } from '../bench/command-line.ts';
import { runAtEnd } from '../test/support/at-end.ts';
import { GROUPS } from './all.ts';
import type { Check } from './check.ts';
import { jsonOf, type Line, tableOf } from './report.ts';
import { resultOf } from './result.ts';
import { startDeployment } from './started.ts';
import { type Access, connect, type Target } from './target.ts';

const NAMES = GROUPS.map(({ name }) => name);
/** The number of parallel checks, which mostly wait for expiries. */
const AT_ONCE = 6;
const USAGE = `npm run conformance -- [GROUP …] [--json FILE] [--issuer URL --admin-client ID]

Holds a server against the specifications, by requests alone. All groups by default:
${NAMES.join(', ')}

--json          writes the results to a file as well; - is standard output, without the table
--issuer        a server that is running; without it, one is started as in production
--admin-client  a client of the client credentials grant with the scopes admin:accounts:write,
                admin:clients:write and admin:keys:write, which makes the test's accounts and clients

CONFORMANCE_ADMIN_SECRET has the secret of that client, CONFORMANCE_INITIAL_ACCESS_TOKEN a token for
dynamic registration; without it, its checks are not applicable.`;

const { positionals, values } = readCommandLine({
  usage: USAGE,
  options: { json: { type: 'string' }, issuer: { type: 'string' }, 'admin-client': { type: 'string' } },
  operands: { least: 0, most: NAMES.length },
});
const unknown = positionals.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) endWithUsage(USAGE, `unknown: ${unknown.join(', ')}`);
const groups = GROUPS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

/** Returns the access to a server that is already running. It cannot reach this machine, so there is no other party. */
function running(issuer: string): Access {
  const id = values['admin-client'];
  const { CONFORMANCE_ADMIN_SECRET: secret, CONFORMANCE_INITIAL_ACCESS_TOKEN: token } = process.env;
  if (!URL.canParse(issuer)) return endWithUsage(USAGE, '--issuer must be a URL');
  if (!id || !secret)
    return endWithUsage(USAGE, '--issuer needs --admin-client and CONFORMANCE_ADMIN_SECRET');
  return {
    issuer,
    admin: { id, secret },
    ...(token ? { initialAccessToken: async () => token } : {}),
    wait: (seconds) => pause(seconds * 1000),
  };
}

/** Runs the checks, several in parallel. Returns the results in the order of the checks. */
async function runAll(checks: readonly Check[], target: Target): Promise<Line[]> {
  const lines: Line[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const index = next++;
      const check = checks[index];
      if (!check) return;
      lines[index] = { check, result: await resultOf(check, target) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return lines;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void runAtEnd().finally(() => process.exit(1)));

try {
  const target = await connect(
    values.issuer === undefined ? await startDeployment() : running(values.issuer),
  );
  const lines = await runAll(
    groups.flatMap(({ checks }) => checks),
    target,
  );
  const json = `${JSON.stringify(jsonOf(target.url, lines), null, 2)}\n`;
  if (values.json === '-') process.stdout.write(json);
  else console.log(tableOf(lines));
  if (values.json !== undefined && values.json !== '-') await writeFile(values.json, json);
  process.exitCode = lines.some(({ result }) => result.status === 'failed') ? 1 : 0;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await runAtEnd();
}
process.exit();
