import { expect } from 'chai';
import { newCode, redeem } from '../concurrency/requests.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { eventually } from '../support/eventually.ts';
import { type ClusterProcess, get, metric, startCluster } from './cluster-process.ts';

const LIVE = '{method="GET",route="/live",status="200"}';
const REQUESTS = 'pratu_http_requests_total';
const AT_ONCE = 30;

describe('two workers on one port', () => {
  let server: ClusterProcess;

  before(async function () {
    this.timeout(120_000);
    server = await startCluster('server:\n  drainMs: 3000\n', { LOG_LEVEL: 'debug' });
  });

  after(async () => void (await server?.end()));

  const live = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1)
      expect((await get(`${server.url}/live`)).status).to.equal(200);
  };
  /** The workers that served the route, from the log. */
  const answeredBy = (route: string): Set<number | undefined> =>
    new Set(
      server
        .lines()
        .filter((line) => line.msg === 'request' && line.route === route)
        .map(({ worker }) => worker),
    );

  it('are processes of their own, and both answer', async () => {
    const pids = server.pids();
    expect([...pids.keys()]).to.deep.equal([1, 2]);
    expect(new Set([...pids.values(), server.child.pid]).size).to.equal(3);
    await eventually(async () => {
      await live(1);
      expect(answeredBy('/live')).to.deep.equal(new Set([1, 2]));
    });
  });

  it('say first, and once, that they start', () => {
    expect(server.output()).to.match(/^\s*Pratu is starting at http/);
    expect(server.output().split('Pratu is starting').length).to.equal(2);
  });

  it('print the next steps once', () => {
    expect(server.output().split('Pratu is ready').length).to.equal(2);
  });

  it('are one server in the metrics, whichever worker is asked', async () => {
    const { [LIVE]: before = 0 } = await metric(server.url, REQUESTS);
    await live(8);
    await eventually(async () => expect((await metric(server.url, REQUESTS))[LIVE]).to.equal(before + 8));
    for (let scrape = 0; scrape < 4; scrape += 1)
      expect((await metric(server.url, REQUESTS))[LIVE]).to.equal(before + 8);
    expect(answeredBy('/metrics')).to.deep.equal(new Set([1, 2]));
    expect(await metric(server.url, 'pratu_workers')).to.deep.equal({ '': 2 });
    // values that both read from the database are not added up
    expect((await metric(server.url, 'pratu_signing_keys'))['{state="current"}']).to.equal(3);
  });

  it('redeem a code once', async () => {
    const code = await newCode(server.url, new BrowserAgent());
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => redeem(server.url, code)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.error}`))).to.deep.equal(
      new Set(['400 invalid_grant']),
    );
    expect(answeredBy('/oauth/token')).to.deep.equal(new Set([1, 2]));
  });

  it('are replaced when they are killed, while the other goes on', async function () {
    this.timeout(120_000);
    const { [LIVE]: before = 0 } = await metric(server.url, REQUESTS);
    expect(before).to.be.greaterThan(0);
    process.kill(server.pids().get(1) as number, 'SIGKILL');
    await server.said({ msg: 'worker exited unexpectedly', worker: 1, signal: 'SIGKILL' });
    await live(10);
    await server.said({ msg: 'worker ready', worker: 3 });
    await eventually(async () => {
      await live(1);
      expect(answeredBy('/live')).to.deep.equal(new Set([1, 2, 3]));
    });
    expect(await metric(server.url, 'pratu_worker_deaths_total')).to.deep.equal({ '': 1 });
    // a decreasing sum would look like a restart
    const { [LIVE]: after = 0 } = await metric(server.url, REQUESTS);
    expect(after).to.be.at.least(before + 10);
  });
});
