import Router from '@koa/router';
import { expect } from 'chai';
import { type Metrics, metrics } from '../../src/http/metrics.ts';
import { type MetricsRouteDeps, metricsRoute, metricsServer } from '../../src/http/metrics-endpoint.ts';
import { routesOf, serveAll, stopAll } from './serve.ts';

const TOKEN = 'a-long-token-for-the-scraper';

describe('metrics', () => {
  let measured: Metrics;

  beforeEach(() => {
    measured = metrics({ version: '1.2.3' });
  });
  afterEach(stopAll);

  const lines = async () =>
    (await measured.registry.metrics()).split('\n').filter((line) => !line.startsWith('#'));

  it('count and time requests by route, never by path or invented method', async () => {
    const router = new Router();
    router.get('/account/:id', (ctx) => {
      ctx.body = 'x';
    });
    const { url } = await serveAll(measured.middleware, routesOf(router));
    await fetch(`${url}/account/7`);
    await fetch(`${url}/account/8?secret=9`);
    await fetch(`${url}/s3cr3t`, { method: 'PROPFIND' });
    await new Promise((resolve) => setImmediate(resolve));
    const found = await lines();
    expect(found).to.include('pratu_http_requests_total{method="GET",route="/account/:id",status="200"} 2');
    expect(found).to.include('pratu_http_requests_total{method="OTHER",route="unmatched",status="404"} 1');
    expect(found).to.include('pratu_http_request_duration_seconds_count{route="/account/:id"} 2');
    expect(found.join()).not.to.match(/s3cr3t|secret/);
  });

  it('count what happened', async () => {
    measured.loginEnded('password_grant', 'wrong_password');
    measured.passwordRefused();
    measured.signInsStopped();
    measured.refreshRepeated();
    measured.refreshReused();
    measured.refreshReused();
    measured.exchangeEnded('refused');
    measured.messageAttempted('sms', 'postponed');
    measured.messageAttempted('sms', 'sent');
    measured.jobFailed('sweep');
    expect(await lines()).to.include.members([
      'pratu_sign_ins_total{surface="password_grant",outcome="wrong_password"} 1',
      'pratu_password_hashing_refused_total 1',
      'pratu_sign_ins_stopped_total 1',
      'pratu_refresh_token_repeats_total 1',
      'pratu_refresh_token_reuses_total 2',
      'pratu_token_exchanges_total{outcome="refused"} 1',
      'pratu_outbox_attempts_total{channel="sms",result="postponed"} 1',
      'pratu_outbox_attempts_total{channel="sms",result="sent"} 1',
      'pratu_job_failures_total{task="sweep"} 1',
      `pratu_build_info{version="1.2.3",node="${process.versions.node}"} 1`,
    ]);
  });

  it('read gauges when asked', async () => {
    let running = 1;
    measured.watchPasswordHashing(() => ({ running, waiting: 3 }));
    measured.watchPool('main', () => ({ size: 8, idle: 5, waiting: 2, most: 10 }));
    measured.watchPool('records', () => ({ size: 6, idle: 6, waiting: 0, most: 6 }));
    measured.watchOutbox(async () => ({ waiting: 4, oldestSeconds: 12.5 }));
    measured.watchSigningKeys(async () => ({ current: 2, next: 1 }));
    await lines();
    running = 2;
    expect(await lines()).to.include.members([
      'pratu_password_hashing_tasks{state="running"} 2',
      'pratu_password_hashing_tasks{state="waiting"} 3',
      'pratu_database_pool_connections{pool="main",state="idle"} 5',
      'pratu_database_pool_connections{pool="main",state="used"} 3',
      'pratu_database_pool_connections{pool="records",state="used"} 0',
      'pratu_database_pool_limit{pool="main"} 10',
      'pratu_database_pool_waiting{pool="main"} 2',
      'pratu_database_pool_waiting{pool="records"} 0',
      'pratu_outbox_waiting_messages 4',
      'pratu_outbox_oldest_message_age_seconds 12.5',
      'pratu_signing_keys{state="current"} 2',
      'pratu_signing_keys{state="next"} 1',
    ]);
  });

  it('leave out what cannot be read, and show the rest', async () => {
    let broken = false;
    measured.watchOutbox(async () => {
      if (broken) throw new Error('down');
      return { waiting: 4, oldestSeconds: 1 };
    });
    measured.watchPool('main', () => ({ size: 8, idle: 5, waiting: 2, most: 10 }));
    await lines();
    broken = true;
    const found = await lines();
    expect(found.filter((line) => /^pratu_outbox_(waiting|oldest)/.test(line))).to.deep.equal([]);
    expect(found).to.include('pratu_database_pool_connections{pool="main",state="used"} 3');
  });

  it('include those of the process', async () => {
    expect((await lines()).join('\n'))
      .to.include('process_cpu_seconds_total')
      .and.include('nodejs_eventloop_lag');
  });

  describe('at /metrics', () => {
    const get = async (deps: Partial<MetricsRouteDeps>, authorization?: string, path = '/metrics') => {
      const { url } = await serveAll(
        metricsRoute({ source: measured.registry, development: false, ...deps }),
      );
      return fetch(url + path, { headers: authorization ? { Authorization: authorization } : {} });
    };

    for (const [name, deps, authorization, status] of [
      ['development', { development: true }, undefined, 200],
      ['development with a token set', { development: true, token: TOKEN }, undefined, 401],
      ['production without a token', {}, undefined, 404],
      ['production without a token, one given', {}, `Bearer ${TOKEN}`, 404],
      ['nothing given', { token: TOKEN }, undefined, 401],
      ['the token', { token: TOKEN }, `Bearer ${TOKEN}`, 200],
      ['the token, scheme in lower case', { token: TOKEN }, `bearer ${TOKEN}`, 200],
      ['another token', { token: TOKEN }, `Bearer ${TOKEN.slice(0, -1)}x`, 401],
      ['a part of the token', { token: TOKEN }, `Bearer ${TOKEN.slice(0, -1)}`, 401],
      ['the token as Basic', { token: TOKEN }, `Basic ${TOKEN}`, 401],
      ['a port of its own', { development: true, port: 9090 }, undefined, 404],
    ] as const)
      it(`${name}: ${status}`, async () => {
        const response = await get(deps, authorization);
        expect(response.status).to.equal(status);
        if (status === 401) expect(response.headers.get('www-authenticate')).to.equal('Bearer');
        const told = await response.text();
        expect(told.includes('process_cpu'), 'metrics in the answer').to.equal(status === 200);
      });

    it('does not take the token from the query', async () => {
      expect((await get({ token: TOKEN }, undefined, `/metrics?access_token=${TOKEN}`)).status).to.equal(401);
    });
  });

  it('are served alone on a port of their own', async () => {
    const server = await metricsServer(measured.registry, { host: '127.0.0.1', port: 0 });
    try {
      const url = `http://127.0.0.1:${server.port}`;
      const response = await fetch(`${url}/metrics`);
      expect(response.headers.get('content-type')).to.include('text/plain');
      expect(await response.text()).to.include('process_cpu');
      for (const [path, method] of [
        ['/', 'GET'],
        ['/oauth/token', 'GET'],
        ['/metrics', 'POST'],
      ] as const)
        expect((await fetch(url + path, { method })).status).to.equal(404);
    } finally {
      await server.close();
    }
  });
});
