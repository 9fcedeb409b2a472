import { expect } from 'chai';
import * as client from 'openid-client';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient } from '../support/clients.ts';
import { discover } from '../support/openid-client.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** The first form of a page. The second one is Cancel. */
const firstForm = (page: string): string => page.slice(0, page.indexOf('</form>'));
const lastForm = (page: string): string => page.slice(page.lastIndexOf('<form'));

describe('openid-client: the device flow', () => {
  let server: TestServer;
  let config: client.Configuration;

  before(async () => {
    server = await testServer();
    const registered = await createClient(server, {
      client_name: 'Set-top box',
      token_endpoint_auth_method: 'none',
      grant_types: [GRANT, 'refresh_token'],
      response_types: [],
      redirect_uris: [],
    });
    config = await discover(server, registered);
  });

  /** Passes sign-in and consent, to the page which confirms that the device may continue. */
  async function finish(agent: BrowserAgent, answer: Response): Promise<string> {
    let page = await answer.text();
    for (let step = 0; step < 3; step += 1) {
      const action = /action="(\/interaction\/[\w-]+\/(?:login|consent))"/.exec(page)?.[1];
      if (!action) return page;
      const { login, password } = SOMCHAI;
      const fields: Record<string, string> = action.endsWith('login') ? { login, password } : {};
      page = await (await agent.submit(action, fields, firstForm(page))).text();
    }
    return page;
  }

  it('is approved by a person who types the code in groups of their own, in lower case', async () => {
    const started = await client.initiateDeviceAuthorization(config, { scope: 'openid email' });
    expect(started.verification_uri).to.equal(`${server.url}/device`);
    const agent = new BrowserAgent();
    const asked = await (await agent.follow(started.verification_uri)).text();
    const typed = `\u202a ${started.user_code.toLowerCase().replace('-', '\u00a0\u2013 ')}\u202c`;
    const shown = await agent.submit('/device', { user_code: typed }, firstForm(asked));
    const confirm = await shown.text();
    expect(confirm).to.include('Set-top box').and.to.include(started.user_code);
    const done = await finish(agent, await agent.submit('/device', {}, firstForm(confirm)));
    expect(done).to.not.include('name="user_code"');

    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...started, interval: 0.01 });
    expect(tokens.claims()?.sub).to.equal('1');
    const again = await client
      .genericGrantRequest(config, GRANT, { device_code: started.device_code })
      .catch((failure) => failure);
    expect(again).to.include({ error: 'invalid_grant' });
  });

  it('waits until then', async () => {
    const { device_code } = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
    const early = await client
      .genericGrantRequest(config, GRANT, { device_code })
      .catch((failure) => failure);
    expect(early).to.include({ error: 'authorization_pending', status: 400 });
  });

  it('is told when the person cancels', async () => {
    const started = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
    const agent = new BrowserAgent();
    const confirm = await (await agent.follow(started.verification_uri_complete ?? '')).text();
    // the page of the complete URL submits itself with a script; without one, the person presses the button
    const page = await (
      await agent.submit('/device', { user_code: started.user_code }, firstForm(confirm))
    ).text();
    await agent.submit('/device', {}, lastForm(page));
    const refused = await client
      .genericGrantRequest(config, GRANT, { device_code: started.device_code })
      .catch((failure) => failure);
    expect(refused).to.include({ error: 'access_denied' });
  });

  it('explains a code that does not exist', async () => {
    const agent = new BrowserAgent();
    const asked = await (await agent.follow(`${server.url}/device`)).text();
    const answer = await agent.submit('/device', { user_code: 'BBBB-BBBB' }, firstForm(asked));
    expect(answer.status).to.equal(400);
    expect(await answer.text())
      .to.include('value="BBBB-BBBB"')
      .and.to.include('aria-invalid="true"');
  });
});
