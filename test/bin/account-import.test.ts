import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { expect } from 'chai';
import type { ImportSummary, RowReport } from '../../src/domain/import/import.ts';
import { randomHex } from '../../src/lib/ids.ts';
import { command, commandJson, environment, PRATU, runCommand } from '../support/command.ts';
import { testDatabase } from '../support/database.ts';

const PASSWORD = 'violet-harbour-lantern';

interface Output {
  reports: RowReport[];
  summary: ImportSummary;
}

function outputOf(stdout: string): Output {
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { summary } = lines.pop();
  return { reports: lines, summary };
}

describe('pratu account import', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pratu-import-'));
  });
  after(() => rm(directory, { recursive: true }));

  async function fileOf(rows: readonly unknown[]): Promise<string> {
    const file = join(directory, `${randomHex(32)}.ndjson`);
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return file;
  }
  const rowsOf = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...(index % 2 ? { external_id: `${prefix}-${index}` } : {}),
      email: `${prefix}-${index}@example.com`,
      email_verified: true,
    }));
  const accountsOf = async (prefix: string): Promise<number> => {
    const rows = await (await testDatabase())
      .knex('contacts')
      .whereLike('key', `${prefix}-%`)
      .select('account_id');
    return rows.length;
  };

  it('reports every row and a summary on stdout, progress on stderr, failures in the exit code', async () => {
    const prefix = randomHex(64);
    const hash = await bcryptHash(PASSWORD, 4);
    const rows = [
      { ...rowsOf(prefix, 2)[1], password_hash: hash },
      { email: 'nobody', password_hash: hash },
    ];
    const { code, stdout, stderr } = await command(['account', 'import', await fileOf(rows)]);
    expect(code).to.equal(1);
    const { reports, summary } = outputOf(stdout);
    expect(reports.map(({ line, status }) => [line, status])).to.deep.equal([
      [1, 'created'],
      [2, 'failed'],
    ]);
    expect(reports[1]?.errors).to.deep.equal([
      { pointer: '/email', code: 'INVALID_EMAIL', detail: 'This is not a valid e-mail address.' },
    ]);
    expect(summary).to.include({ rows: 2, created: 1, failed: 1, dry_run: false });
    expect(stderr).to.match(/^2 rows in [\d.]+ s: 1 created, 0 updated, 0 unchanged, 1 failed$/m);
    expect(stdout + stderr).to.not.include(hash);
    const shown = await commandJson<{ id: number }>(['account', 'show', `${prefix}-1@example.com`]);
    expect(String(shown.id)).to.equal(reports[0]?.id);
    const { rows: events } = await (await testDatabase()).knex.raw(
      'select actor from audit where account_id = ?',
      [shown.id],
    );
    expect(events[0].actor).to.match(/^command:./);
  });

  it('reads standard input, and changes nothing in a dry run', async () => {
    const prefix = randomHex(64);
    const stdin = rowsOf(prefix, 3)
      .map((row) => JSON.stringify(row))
      .join('\n');
    const dry = await runCommand(['account', 'import', '-', '--dry-run'], { stdin });
    expect(dry.code).to.equal(0);
    expect(outputOf(dry.stdout).summary).to.include({ created: 3, dry_run: true });
    expect(await accountsOf(prefix)).to.equal(0);
    const { code, stdout } = await runCommand(['account', 'import', '-'], { stdin });
    expect(code).to.equal(0);
    expect(outputOf(stdout).summary).to.include({ created: 3 });
    expect(await accountsOf(prefix)).to.equal(3);
  }).timeout(60_000);

  it('refuses a file that is not there, and does not repeat its name', async () => {
    const { code, stderr, stdout } = await command(['account', 'import', '$2b$04$secret']);
    expect([code, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.equal('pratu: FILE cannot be read.\n');
  });

  it('is resumed by running it again after SIGKILL, without duplicates', async () => {
    const prefix = randomHex(64);
    const file = await fileOf(rowsOf(prefix, 6000));
    const child: ChildProcess = spawn(process.execPath, [PRATU, 'account', 'import', file], {
      env: await environment({}),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(child, 'exit');
    let reported = 0;
    child.stdout?.on('data', (part: Buffer) => {
      reported += part.toString().split('\n').length - 1;
      if (reported >= 1000) child.kill('SIGKILL');
    });
    await exited;
    const committed = await accountsOf(prefix);
    expect(committed).to.be.at.least(1000).and.below(6000);
    const { code, stdout } = await runCommand(['account', 'import', file]);
    expect(code).to.equal(0);
    expect(outputOf(stdout).summary).to.include({
      rows: 6000,
      created: 6000 - committed,
      unchanged: committed,
      failed: 0,
    });
    expect(await accountsOf(prefix)).to.equal(6000);
  }).timeout(60_000);
});
