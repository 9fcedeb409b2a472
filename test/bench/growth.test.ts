import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { hottest, percentile, trafficFigures } from '../../bench/growth/compare.ts';
import { durationsIn } from '../../bench/growth/duration-log.ts';
import type { StatementUse } from '../../bench/growth/hot-statements.ts';
import { hasPostgresServer } from '../support/postgres-servers.ts';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../bench/growth.ts', import.meta.url));

/** The test needs half a minute on an idle machine. */
const TIMEOUT_MS = 600_000;

const line = (message: string, more: object = {}, queryId = '-7141108282983655513'): string =>
  `${JSON.stringify({ dbname: 'few', pid: 1, ...more, message }).slice(0, -1)},"query_id":${queryId}}`;

const use = (text: string, more: Partial<StatementUse> = {}): StatementUse => ({
  text,
  name: '',
  calls: 2,
  blocks: 8,
  blocksRead: 0,
  executionMs: 1,
  durationsMs: [1],
  ...more,
});

describe('the log of durations', () => {
  const read = (...lines: string[]) => durationsIn(Readable.from(lines), 'few');

  it('adds the steps of each call, by query ID and process', async () => {
    const found = await read(
      line('duration: 0.500 ms  parse read-x: select 1'),
      line('duration: 0.250 ms  bind read-x: select 1'),
      line('duration: 9.000 ms  bind read-x: select 1', { pid: 2 }),
      line('duration: 0.250 ms  execute read-x: select 1'),
      line('duration: 1.000 ms  execute read-x: select 1', { pid: 2 }),
      line('duration: 3.000 ms  execute <unnamed>: select 2', {}, '5'),
      line('duration: 4.000 ms  statement: select 3', {}, '6'),
    );
    expect(found.get('-7141108282983655513')).to.deep.equal({ name: 'read-x', milliseconds: [1, 10] });
    expect(found.get('5')).to.deep.equal({ name: '', milliseconds: [3] });
    expect(found.get('6')).to.deep.equal({ name: '', milliseconds: [4] });
  });

  it('leaves out other databases, other lines and one that is half written', async () => {
    const found = await read(
      line('duration: 1.000 ms  execute a: select 1', { dbname: 'many' }),
      line('checkpoint starting: time'),
      line('duration: 1.000 ms  execute a: select 1').slice(0, -1),
    );
    expect([...found]).to.deep.equal([]);
  });
});

describe('the comparison of few and many accounts', () => {
  it('joins the rounds, and begins with what takes most of the time', () => {
    const cold = use('select a,\n  b from things', { executionMs: 1 });
    const hot = use('select pratu_take($1)', { name: 'take', executionMs: 5, blocksRead: 2 });
    const [first, second, ...rest] = hottest([[cold, hot]], [[hot], [cold, hot], [use('only here')]]);
    expect(rest).to.deep.equal([]);
    expect(first?.statement).to.equal('take');
    expect(first?.many).to.deep.equal({ calls: 4, blocks: 4, blocksRead: 1, ms: 2.5, p99: 1 });
    expect(second?.statement).to.equal('select … from things');
  });

  it('takes p99 of all calls, and ratios of the same round', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.99)).to.equal(100);
    expect(percentile(hundred, 0.5)).to.equal(51);
    const of = (p99: number, errors = 0) => [
      { name: 'refresh', requests: 1, requestsPerSecond: 1, p50: 1, p99, errors },
    ];
    const [figures] = trafficFigures([of(10), of(20), of(30)], [of(20, 1), of(20), of(300)]);
    expect(figures).to.deep.include({ ratio: 2, errors: 1, few: { p50: 1, p99: 20 } });
  });
});

if (hasPostgresServer) {
  describe('npm run bench:growth', function () {
    this.timeout(TIMEOUT_MS);

    it('fills two deployments that the server works with, and measures them', async () => {
      const { stdout } = await run(
        process.execPath,
        [COMMAND, '--accounts', '200', '--rounds', '1', '--seconds', '3'],
        // ends the processes that it has started before the test's own time limit
        { timeout: TIMEOUT_MS - 20_000 },
      );
      const rows = stdout.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
      const rowOf = (name: string): string[] => rows.find(([, cell]) => cell === name) ?? [];
      // no request failed: the server accepts the filled tokens, sessions and passwords
      for (const kind of ['userinfo', 'refresh', 'code flow with a session', 'password grant', 'errors'])
        expect(rowOf(kind).slice(-2)[0], `${kind}\n${stdout}`).to.equal('0');
      const commits = rowOf('`commit-records`').slice(3, 6).map(Number);
      expect(commits).to.have.length(3);
      for (const figure of commits) expect(figure).to.be.greaterThan(0);
      expect(rowOf('`records`')[3]).to.equal('600');
      expect(rowOf('sweep alone')[3]).to.match(/^[1-9][\d,]* rows\/s$/);
      expect(rowOf('30 partitions')).to.have.length(8);
      expect(stdout).to.include('no unique or exclusion constraint matching the ON CONFLICT specification');
    });
  });
}
