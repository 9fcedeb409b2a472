import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { tokenRequest } from '../support/sign-in.ts';
import { type ClusterProcess, get, metric, startCluster, stream } from './cluster-process.ts';

const settings = (clientCredentials: string): string =>
  `server:\n  drainMs: 3000\ntokens:\n  clientCredentials: ${clientCredentials}\n`;
const STREAMS = 6;

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the primary of two workers', () => {
  let server: ClusterProcess;
  let metricsUrl: string;

  before(async function () {
    this.timeout(120_000);
    const port = String(await freePort());
    metricsUrl = `http://127.0.0.1:${port}`;
    server = await startCluster(settings('600'), { METRICS_PORT: port });
  });

  after(async () => void (await server?.end('SIGKILL')));

  const lifetime = async (): Promise<number | undefined> => {
    const authorization = `Basic ${Buffer.from('service:service-secret').toString('base64')}`;
    const { body } = await tokenRequest(server.url, { grant_type: 'client_credentials' }, { authorization });
    return (body as { expires_in?: number }).expires_in;
  };

  it('has the port of the metrics', async () => {
    expect(await metric(metricsUrl, 'pratu_workers')).to.deep.equal({ '': 2 });
    expect((await get(`${server.url}/metrics`)).status).to.equal(404);
  });

  it('renews them at SIGHUP with the settings as they are then, and no request is lost', async function () {
    this.timeout(120_000);
    expect(await lifetime()).to.equal(600);
    await server.settings(settings('700'));
    const old = [...server.pids().values()];
    const streams = Array.from({ length: STREAMS }, () =>
      stream(`${server.url}/.well-known/openid-configuration`),
    );
    server.child.kill('SIGHUP');
    const renewed = await server.said({ msg: 'workers replaced' }).catch((error: unknown) => error);
    const results = await Promise.all(streams.map((each) => each.stop()));
    if (renewed instanceof Error) throw renewed;
    expect([...server.pids().keys()]).to.deep.equal([1, 2, 3, 4]);
    expect(results.flatMap(({ lost }) => lost)).to.deep.equal([]);
    for (const { asked } of results) expect(asked).to.be.greaterThan(2);
    expect(old.filter(runs)).to.deep.equal([]);
    expect(await lifetime()).to.equal(700);
    // no worker died: they ended at a signal
    expect(await metric(metricsUrl, 'pratu_worker_deaths_total')).to.deep.equal({ '': 0 });
  });

  it('leaves existing workers alone when a new one does not start', async function () {
    this.timeout(120_000);
    await server.settings(settings('never'));
    server.child.kill('SIGHUP');
    await server.said({ msg: 'new worker did not start: the remaining workers are kept' });
    expect(server.output()).to.contain('tokens.clientCredentials');
    expect(await lifetime()).to.equal(700);
    await eventually(async () => expect(await metric(metricsUrl, 'pratu_workers')).to.deep.equal({ '': 2 }));
  });

  it('ends them in order at SIGTERM, and itself with 0', async function () {
    this.timeout(120_000);
    const pids = [...server.pids().values()].filter(runs);
    expect(pids).to.have.length(2);
    expect(await server.end('SIGTERM')).to.equal(0);
    expect(pids.filter(runs)).to.deep.equal([]);
    expect(server.lines().filter(({ msg, worker }) => msg === 'stopped' && worker)).to.have.length(4);
  });

  it('ends with 1 and a worker’s output when they cannot start', async function () {
    this.timeout(120_000);
    const taken = await startProcess();
    const port = Number(new URL(taken.url).port);
    let told = '';
    // the first server responds on the port, so the test waits for the output of the second
    const second = await startProcess({ port, env: { WORKERS: '2' } });
    await eventually(async () => {
      told = second.output();
      expect(told).to.contain('worker exited before it was ready');
    });
    expect(await second.end()).to.equal(1);
    expect(told.match(/is in use by another program/g)).to.have.length(1);
    await taken.end();
  });
});
