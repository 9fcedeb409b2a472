import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { authorize, OFFLINE, redeem, refresh, requestUrl, userinfo } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { pkce } from '../../support/sign-in.ts';

describe('codes', () => {
  let server: TestServer;
  let client: TestClient;
  let open: TestClient;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
    open = await createClient(server, { token_endpoint_auth_method: 'none' });
  });

  const expectRefused = ({ status, body }: Awaited<ReturnType<typeof redeem>>) =>
    expect([status, body.error]).to.deep.equal([400, 'invalid_grant']);

  it('work once; a second use immediately revokes what the first gave', async () => {
    const flow = await authorize(server, client, OFFLINE, agent);
    const { body } = await redeem(server, client, flow);
    expect((await userinfo(server, body.access_token)).status).to.equal(200);
    expectRefused(await redeem(server, client, flow));
    expect((await userinfo(server, body.access_token)).status).to.equal(401);
    expectRefused(await refresh(server, client, body.refresh_token));
  });

  it('are remembered as used for as long as they would have lived', async () => {
    const flow = await authorize(server, client, {}, agent);
    const { body } = await redeem(server, client, flow);
    await moveClock(server.database, 30);
    expectRefused(await redeem(server, client, flow));
    expect((await userinfo(server, body.access_token)).status).to.equal(401);
  });

  it('are over after a minute', async () => {
    const flow = await authorize(server, client, {}, agent);
    await moveClock(server.database, 66);
    expectRefused(await redeem(server, client, flow));
  });

  it('are of use to their own client only', async () => {
    const flow = await authorize(server, client, {}, agent);
    const other = await createClient(server);
    expectRefused(await redeem(server, other, flow));
  });

  it('are not used up by a wrong verifier', async () => {
    const flow = await authorize(server, client, {}, agent);
    expectRefused(await redeem(server, client, { ...flow, verifier: pkce().verifier }));
    expect((await redeem(server, client, flow)).status).to.equal(200);
  });

  it('with a challenge need the verifier', async () => {
    const flow = await authorize(server, client, {}, agent);
    expectRefused(await redeem(server, client, flow, { code_verifier: undefined }));
  });

  it('without a challenge take no verifier', async () => {
    const none = { code_challenge: undefined, code_challenge_method: undefined };
    const flow = await authorize(server, client, none, agent);
    expectRefused(await redeem(server, client, flow));
    const again = await authorize(server, client, none, agent);
    expect((await redeem(server, client, again, { code_verifier: undefined })).status).to.equal(200);
  });

  it('of public clients are not issued without PKCE', async () => {
    const answer = await agent.follow(requestUrl(server, open));
    expect(answer.headers.get('location')).to.include('error=invalid_request');
  });

  for (const [name, change] of [
    ['shortened', (code: string) => code.slice(0, -1)],
    ['lengthened', (code: string) => `${code}A`],
    ['in other case', (code: string) => code.replace(/[a-z]/gi, swapCase)],
    ['empty', () => ''],
  ] as const) {
    it(`${name} are worth nothing`, async () => {
      const flow = await authorize(server, client, {}, agent);
      const { status, body } = await redeem(server, client, { ...flow, code: change(flow.code) });
      expect(status).to.equal(400);
      expect(body.error).to.be.oneOf(['invalid_grant', 'invalid_request']);
    });
  }
});

const swapCase = (letter: string): string =>
  letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
