import { expect } from 'chai';
import { bothEnds } from '../support/both-ends.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { endOf } from '../support/raw-exchange.ts';
import { startServer } from '../support/server.ts';
import {
  aroundCommits,
  awayAfterCommit,
  connectionLost,
  connectionRefused,
  failingInserts,
  losingCommit,
} from './broken-database.ts';
import { type FreshServer, freshServer } from './fresh-server.ts';
import { newCode, redeem, refresh, userinfoStatus } from './requests.ts';

describe('a token request whose writes fail', () => {
  const agent = new BrowserAgent();
  let server: FreshServer;
  let restore: (() => unknown)[] = [];

  before(async () => {
    server = await freshServer();
  });

  afterEach(async () => {
    for (const step of restore.splice(0)) await step();
    restore = [];
  });

  after(() => server.leave());

  const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };

  for (const [state, status] of [
    ['57P01', 503],
    ['08006', 503],
    ['53300', 503],
    ['XX000', 500],
    ['40001', 503],
  ] as const) {
    it(`uses up no code when they fail with ${state}`, async () => {
      const code = await newCode(server.url, agent);
      const stop = await failingInserts(server.database, 'AccessToken', state);
      const failed = await redeem(server.url, code).finally(stop);
      expect(failed.status).to.equal(status);
      expect(failed.body.error).to.equal(status === 503 ? 'temporarily_unavailable' : 'server_error');
      if (status === 503) expect(Number(failed.headers.get('retry-after'))).to.be.at.least(1);
      expect((await redeem(server.url, code)).status).to.equal(200);
    });
  }

  it('loses no family of refresh tokens', async () => {
    const { body } = await redeem(server.url, await newCode(server.url, agent, OFFLINE));
    const stop = await failingInserts(server.database, 'AccessToken', '57P01');
    const failed = await refresh(server.url, body.refresh_token ?? '').finally(stop);
    expect(failed.status).to.equal(503);
    expect((await refresh(server.url, body.refresh_token ?? '')).status).to.equal(200);
  });

  for (const state of ['40001', '40P01']) {
    it(`is tried again after ${state}, and nobody notices`, async () => {
      const code = await newCode(server.url, agent);
      restore.push(await failingInserts(server.database, 'AccessToken', state, 2));
      const { status, body } = await redeem(server.url, code);
      expect(status).to.equal(200);
      expect(await userinfoStatus(server.url, body.access_token)).to.equal(200);
    });
  }

  it('succeeds when the connection is lost before the commit', async () => {
    const code = await newCode(server.url, agent);
    restore.push(
      aroundCommits(server.database, async (run, time) => {
        if (time === 1) throw connectionRefused();
        return run();
      }),
    );
    const { status, body } = await redeem(server.url, code);
    expect(status).to.equal(200);
    expect(await userinfoStatus(server.url, body.access_token)).to.equal(200);
  });

  it('succeeds once when the connection is lost between the commit and its answer', async () => {
    const code = await newCode(server.url, agent, OFFLINE);
    restore.push(
      aroundCommits(server.database, async (run, time) => {
        const result = await run();
        if (time === 1) throw connectionRefused();
        return result;
      }),
    );
    const { status, body } = await redeem(server.url, code);
    expect(status).to.equal(200);
    expect(await userinfoStatus(server.url, body.access_token)).to.equal(200);
    expect((await refresh(server.url, body.refresh_token ?? '')).status).to.equal(200);
  });

  it('succeeds once when the last of its attempts loses the connection after the commit', async () => {
    const code = await newCode(server.url, agent);
    restore.push(
      aroundCommits(server.database, async (run, time) => {
        if (time < 3) throw connectionLost();
        const result = await run();
        if (time === 3) throw connectionLost();
        return result;
      }),
    );
    const { status, body } = await redeem(server.url, code);
    expect(status).to.equal(200);
    expect(await userinfoStatus(server.url, body.access_token)).to.equal(200);
  });

  it('succeeds once when a transaction of its own loses the connection after the commit', async () => {
    const { records } = server.domain;
    const used = { id: '1'.repeat(32), kind: 'AuthorizationCode', payload: '{}', lifetime: 60 };
    const before = records.unit();
    before.insert(used);
    expect(await before.commit()).to.equal('done');

    const work = records.unit();
    work.claim({ id: used.id });
    work.insert({ ...used, id: '2'.repeat(32), kind: 'AccessToken' });
    work.put('own', { text: 'delete from consents where client_id = $1', values: ['nobody'] });
    restore.push(losingCommit(server.database));
    expect(await work.commit()).to.equal('done');
    expect(await records.find('2'.repeat(32))).to.not.equal(undefined);
  });

  it('is answered 503 when the database is away after the commit, and undone before another process refuses the retry', async () => {
    const other = await startServer();
    restore.push(() => other.stop());
    const code = await newCode(server.url, agent);
    const back = awayAfterCommit(server.database);
    restore.push(back);
    expect((await redeem(server.url, code)).status).to.equal(503);
    const retry = redeem(other.url, code);
    back();
    const { status, body } = await retry;
    expect(status, body.error).to.equal(200);
    expect(await userinfoStatus(server.url, body.access_token)).to.equal(200);
  });

  it('takes no other request’s proof for its own commit', async () => {
    const { records } = server.domain;
    const proof = { id: '0'.repeat(32), kind: 'ReplayDetection', payload: '{}', lifetime: 60 };
    const unit = () => {
      const work = records.unit();
      work.insertOnce(proof);
      return work;
    };
    expect(await unit().commit()).to.equal('done');
    restore.push(
      aroundCommits(server.database, async (run, time) => {
        if (time === 1) throw connectionRefused();
        return run();
      }),
    );
    expect(await unit().commit()).to.equal('repeated');
  });

  it('uses up no code for a client that has hung up', async () => {
    const code = await newCode(server.url, agent);
    const { port } = new URL(server.url);
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'spa',
      code: code.code,
      redirect_uri: 'http://localhost:8080/cb',
      code_verifier: code.verifier,
    }).toString();

    const reached = Promise.withResolvers<void>();
    const hungUp = Promise.withResolvers<void>();
    const { find } = server.domain.clientCache;
    server.domain.clientCache.find = async (id) => {
      reached.resolve();
      await hungUp.promise;
      return find(id);
    };
    restore.push(() => Object.assign(server.domain.clientCache, { find }));

    const { client, server: served } = await bothEnds(Number(port));
    const closed = endOf(served);
    client.write(
      `POST /oauth/token HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
        `Content-Length: ${form.length}\r\n\r\n${form}`,
    );
    await reached.promise;
    client.destroy();
    await closed;
    hungUp.resolve();
    await new Promise((resume) => setTimeout(resume, 200));
    expect((await redeem(server.url, code)).status).to.equal(200);
  });
});
