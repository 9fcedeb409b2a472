import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { newCode, redeem, refresh, userinfoStatus } from '../concurrency/requests.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { freePort } from '../support/free-port.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';

describe('a server that is killed', () => {
  let dataDir: string;
  let port: number;
  let server: ServerProcess;

  const start = (own = port): Promise<ServerProcess> =>
    startProcess({
      port: own,
      issuer: `http://localhost:${port}`,
      env: { NODE_ENV: 'development', DATA_DIR: dataDir, DATABASE_URL: '', REDIS_URL: '', SECRET_KEY: '' },
    });

  before(async function () {
    this.timeout(60_000);
    dataDir = await mkdtemp(join(tmpdir(), 'pratu-restart-'));
    port = await freePort();
    server = await start();
  });

  after(async () => {
    await server.end();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('has everything that it acknowledged when it starts again', async function () {
    this.timeout(60_000);
    const agent = new BrowserAgent();
    const offline = { scope: 'openid offline_access', prompt: 'consent' };
    const used = await newCode(server.url, agent, offline);
    const unused = await newCode(server.url, agent);
    const { body } = await redeem(server.url, used);
    const rotated = await refresh(server.url, body.refresh_token ?? '');
    await server.end('SIGKILL');

    server = await start();
    expect(await userinfoStatus(server.url, rotated.accessToken)).to.equal(200);
    expect((await refresh(server.url, body.refresh_token ?? '')).text).to.equal(rotated.text);
    expect((await refresh(server.url, rotated.refreshToken)).status).to.equal(200);
    expect((await redeem(server.url, unused)).status).to.equal(200);
    expect((await redeem(server.url, used)).body.error).to.equal('invalid_grant');
    expect(await userinfoStatus(server.url, rotated.accessToken)).to.equal(401);
  });

  it('shares its data folder with a second process', async function () {
    this.timeout(60_000);
    const second = await start(await freePort());
    const code = await newCode(server.url, new BrowserAgent());
    expect((await redeem(second.url, code)).status).to.equal(200);
    expect(await second.end()).to.equal(0);
    expect((await redeem(server.url, code)).body.error).to.equal('invalid_grant');
  });

  it('ends with 0 at a signal to stop', async () => {
    expect(await server.end('SIGTERM')).to.equal(0);
  });
});
