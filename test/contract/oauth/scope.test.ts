import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, type Parameters, redeem, requestUrl, tokenOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { SOMCHAI, signInOnPages, type Tokens } from '../../support/sign-in.ts';

const API = 'http://localhost:8080/api';

describe('the scope of an authorization request', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  async function tokens(client: TestClient, params: Parameters, agent?: BrowserAgent): Promise<Tokens> {
    return (await redeem(server, client, await authorize(server, client, params, agent))).body;
  }

  /** The error of a request that ends before any page. */
  async function refusal(client: TestClient, params: Parameters): Promise<Record<string, string>> {
    const answer = await new BrowserAgent().request(requestUrl(server, client, params));
    return Object.fromEntries(new URL(answer.headers.get('location') ?? '').searchParams);
  }

  const silently = async (client: TestClient, agent: BrowserAgent, params: Parameters): Promise<Tokens> => {
    const back = await agent.follow(requestUrl(server, client, { prompt: 'none', ...params }));
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
    return (await redeem(server, client, { code, verifier: '' }, { code_verifier: undefined })).body;
  };

  describe('that names what nobody may give', () => {
    const GREEDY = { scope: 'openid admin payments:write', prompt: 'consent' };

    it('is granted without it, whatever the prompt and what was allowed before', async () => {
      const client = await createClient(server);
      const agent = new BrowserAgent();
      await tokens(client, { scope: 'openid' }, agent);
      const page = await (await agent.follow(requestUrl(server, client, GREEDY))).text();
      expect(page)
        .to.include('name="csrf"')
        .and.not.match(/admin|payments:write/);
      expect((await tokens(client, GREEDY, agent)).scope).to.equal('openid');
      expect(await server.domain.consents.find(1, client.id)).to.deep.include({ scopes: ['openid'] });
    });

    it('is granted without scopes of a resource that it does not name', async () => {
      const client = await createClient(server);
      const agent = new BrowserAgent();
      await tokens(client, { scope: 'openid' }, agent);
      const answer = await tokens(client, { scope: 'openid api:read', prompt: 'consent' }, agent);
      expect(answer.scope).to.equal('openid');
    });

    it('repeats a consent with its resource', async () => {
      const client = await createClient(server);
      const agent = new BrowserAgent();
      const params = { scope: 'openid api:read admin', resource: API };
      await tokens(client, params, agent);
      const url = requestUrl(server, client, { ...params, prompt: 'consent' });
      const page = await (await agent.follow(url)).text();
      expect(page).to.include(API).and.include('api:read').and.not.include('admin');
      const answer = await tokens(client, { ...params, prompt: 'consent' }, agent);
      expect(answer.scope).to.equal('api:read');
    });

    it('is refused at once when the client registered less', async () => {
      const client = await createClient(server, { scope: 'openid profile' });
      expect(await refusal(client, { scope: 'openid email' })).to.include({
        error: 'invalid_scope',
        scope: 'email',
      });
    });
  });

  describe('without a usable scope', () => {
    it('asks for the scope of the registration', async () => {
      const client = await createClient(server, { scope: 'openid email' });
      expect((await tokens(client, { scope: undefined })).scope).to.equal('openid email');
    });

    it('asks the users of a first-party client for nothing', async () => {
      const client = await createClient(server, { scope: 'openid profile', first_party: true });
      expect((await tokens(client, { scope: undefined })).scope).to.equal('openid profile');
    });

    for (const scope of ['user:email', 'user:email read:org', 'api:read']) {
      it(`is refused before the sign-in, by its name: ${scope}`, async () => {
        const { error, error_description, state } = await refusal(await createClient(server), { scope });
        expect({ error, state }).to.deep.equal({ error: 'invalid_scope', state: 'state-1' });
        for (const name of scope.split(' ')) expect(error_description).to.include(`'${name}'`);
      });
    }
  });

  it('that is useless is not repeated at length', async () => {
    const scope = `${'x'.repeat(4000)} ${'y '.repeat(100).trim()}`;
    const { error, error_description, scope: echoed } = await refusal(await createClient(server), { scope });
    expect(error).to.equal('invalid_scope');
    expect(`${error_description}${echoed}`.length).to.be.below(600);
  });

  describe('with offline_access and no prompt', () => {
    const scope = 'openid offline_access';

    it('gives a first-party client a refresh token', async () => {
      const client = await createClient(server, { first_party: true });
      const { refresh_token, scope: granted } = await tokens(client, { scope });
      expect(granted).to.equal(scope);
      expect(refresh_token).to.be.a('string');
    });

    it('gives others one when the person allows it, and again without asking', async () => {
      const client = await createClient(server);
      const agent = new BrowserAgent();
      expect((await tokens(client, { scope }, agent)).refresh_token).to.be.a('string');
      const again = await agent.follow(requestUrl(server, client, { scope }));
      expect(again.headers.get('location')).to.include('code=');
      expect((await tokens(client, { scope }, agent)).refresh_token).to.be.a('string');
      expect((await silently(client, agent, { scope })).refresh_token).to.be.a('string');
    });

    it('asks for it when an earlier consent lacks it, and goes without where it must not ask', async () => {
      const client = await createClient(server);
      const agent = new BrowserAgent();
      await tokens(client, { scope: 'openid' }, agent);
      const silent = await silently(client, agent, { scope });
      expect(silent).to.not.have.property('refresh_token');
      expect(silent.scope).to.equal('openid');
      const page = await (await agent.follow(requestUrl(server, client, { scope }))).text();
      expect(page).to.include('name="csrf"');
    });

    it('drops it for a client that has no use for it', async () => {
      const client = await createClient(server, { grant_types: ['authorization_code'] });
      const answer = await tokens(client, { scope });
      expect(answer.scope).to.equal('openid');
      expect(answer).to.not.have.property('refresh_token');
    });

    it('counts in a pushed request as well', async () => {
      const client = await createClient(server, { first_party: true });
      const pushed = await fetch(`${server.url}/oauth/par`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: client.id,
          client_secret: client.secret,
          response_type: 'code',
          redirect_uri: client.redirectUri,
          scope,
        }),
      });
      const { request_uri } = await pushed.json();
      const url = `${server.url}/oauth/authorize?${new URLSearchParams({ client_id: client.id, request_uri })}`;
      const back = await signInOnPages(new BrowserAgent(), url, SOMCHAI);
      const { body } = await tokenOf(server, client, {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: client.redirectUri,
      });
      expect(body.refresh_token).to.be.a('string');
    });
  });
});
