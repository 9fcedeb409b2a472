import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { authorize, redeem, requestOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { pkce, signInOnPages } from '../../support/sign-in.ts';

describe('POST /oauth/authorize', () => {
  let server: TestServer;
  let client: TestClient;

  before(async () => {
    server = await testServer();
    client = await createClient(server);
  });

  /** Sends a form as another site does: without cookies. */
  const post = (params: Record<string, string>): Promise<Response> =>
    fetch(`${server.url}/oauth/authorize`, {
      method: 'POST',
      body: new URLSearchParams(params),
      redirect: 'manual',
      headers: { origin: 'https://rp.example', 'sec-fetch-site': 'cross-site' },
    });

  it('is answered 303 to the same request by GET, which ends in a code', async () => {
    const { verifier, challenge } = pkce();
    const answer = await post(
      requestOf(client, { code_challenge: challenge, code_challenge_method: 'S256', state: 'a b&c' }),
    );
    expect(answer.status).to.equal(303);
    const back = await signInOnPages(
      new BrowserAgent(),
      new URL(answer.headers.get('location') ?? '', server.url).href,
    );
    expect(back.searchParams.get('state')).to.equal('a b&c');
    const code = back.searchParams.get('code') ?? '';
    expect((await redeem(server, client, { code, verifier })).status).to.equal(200);
  });

  it('is kept when it is long, and finds the session that there is', async () => {
    const agent = new BrowserAgent();
    await authorize(server, client, {}, agent);
    const state = 'x'.repeat(3000);
    const claims = JSON.stringify({ userinfo: { name: null }, id_token: { auth_time: null } });
    const { verifier, challenge } = pkce();
    const answer = await post(
      requestOf(client, { state, claims, code_challenge: challenge, code_challenge_method: 'S256' }),
    );
    expect(answer.status).to.equal(303);
    const next = new URL(answer.headers.get('location') ?? '', server.url);
    expect(next.href.length).to.be.below(200);
    const back = await signInOnPages(agent, next.href);
    expect(back.searchParams.get('state')).to.equal(state);
    const code = back.searchParams.get('code') ?? '';
    expect((await redeem(server, client, { code, verifier })).status).to.equal(200);
  });

  it('keeps the checks of a long request: a foreign redirect URI stays here', async () => {
    const answer = await post(
      requestOf(client, { state: 'x'.repeat(3000), redirect_uri: 'https://evil.example/cb' }),
    );
    const page = await new BrowserAgent().follow(
      new URL(answer.headers.get('location') ?? '', server.url).href,
    );
    expect(page.status).to.equal(400);
    expect(page.headers.get('location')).to.equal(null);
    expect(await page.text()).to.include('invalid_redirect_uri');
  });

  it('is kept for a minute, and cannot be made up', async () => {
    const answer = await post(requestOf(client, { state: 'x'.repeat(3000) }));
    const next = new URL(answer.headers.get('location') ?? '', server.url).href;
    expect((await new BrowserAgent().follow(next)).status).to.equal(200);
    expect((await new BrowserAgent().follow(`${next}A`)).status).to.equal(400);
    await moveClock(server.database, 61);
    const late = await new BrowserAgent().follow(next);
    expect([late.status, late.headers.get('location')]).to.deep.equal([400, null]);
  });

  it('never leads away, whatever its body says', async () => {
    const answer = await fetch(`${server.url}/oauth/authorize`, {
      method: 'POST',
      body: '//evil.example',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const next = new URL(answer.headers.get('location') ?? server.url, server.url);
    expect(next.origin).to.equal(server.url);
  });

  it('is refused as JSON', async () => {
    const answer = await fetch(`${server.url}/oauth/authorize`, {
      method: 'POST',
      body: JSON.stringify(requestOf(client)),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).to.equal(415);
  });

  it('is 413 when it is beyond every limit', async () => {
    expect((await post(requestOf(client, { state: 'x'.repeat(70_000) }))).status).to.equal(413);
  });
});
