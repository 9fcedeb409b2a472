import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { somebody } from '../../pages/account/visitor.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, basic, introspect, redeem, requestUrl, tokenOf } from '../../support/code-flow.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { pkce, signInOnPages } from '../../support/sign-in.ts';
import { ask, cibaClient, poll, requestsOn, SETTINGS } from '../backchannel/backchannel-steps.ts';
import { API, DETAIL, OPAQUE, PAYMENT, READING } from './details-steps.ts';

const authorization_details = JSON.stringify([DETAIL]);
const TYPES = { authorization_details_types: ['payment', 'reading'] };

describe('authorization details', () => {
  let server: TestServer;
  let client: TestClient;

  before(async () => {
    server = await startServer({ authorizationDetails: [PAYMENT, READING], ciba: SETTINGS } as never);
    client = await createClient(server, { scope: 'openid offline_access', ...TYPES });
  });
  after(() => server.stop());

  const tokens = async (params: Record<string, string>, agent = new BrowserAgent()) => {
    const done = await authorize(server, client, { resource: API, scope: 'api:read', ...params }, agent);
    expect(done.code, done.back.href).not.to.equal('');
    return (await redeem(server, client, done)).body as unknown as Record<string, unknown> & {
      access_token: string;
      refresh_token: string;
    };
  };
  const errorOf = async (params: Record<string, string>, by = client): Promise<string | null> => {
    const url = requestUrl(server, by, {
      resource: API,
      scope: 'api:read',
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
      ...params,
    });
    const answer = await new BrowserAgent().request(url);
    return new URL(answer.headers.get('location') ?? '', server.url).searchParams.get('error');
  };

  it('are in the token response and in the access token of the resource', async () => {
    const { access_token, ...body } = await tokens({ authorization_details });
    expect(body.authorization_details).to.deep.equal([DETAIL]);
    expect(decodeJwt(access_token).authorization_details).to.deep.equal([DETAIL]);
  });

  it('are in the introspection of an opaque token, where their type belongs to its resource', async () => {
    const both = JSON.stringify([DETAIL, { type: 'reading', actions: ['all'] }]);
    const { access_token } = await tokens({ authorization_details: both, resource: OPAQUE });
    const { body } = await introspect(server, client, access_token);
    expect(body.authorization_details).to.deep.equal([{ type: 'reading', actions: ['all'] }]);
  });

  it('are shown for consent in both languages, each time', async () => {
    const agent = new BrowserAgent();
    await tokens({ authorization_details }, agent);
    for (const [lang, text] of [
      ['en', 'Pay 1250.00 THB to Doi Chaang'],
      ['th', 'จ่าย 1250.00 THB ให้ Doi Chaang'],
    ] as const) {
      const url = requestUrl(server, client, {
        resource: API,
        scope: 'api:read',
        authorization_details,
        ui_locales: lang,
        code_challenge: pkce().challenge,
        code_challenge_method: 'S256',
      });
      expect(await (await agent.follow(url)).text()).to.include(text);
    }
    const silent = requestUrl(server, client, { ...{ resource: API, scope: 'api:read' }, prompt: 'none' });
    const answer = await agent.request(
      `${silent}&${new URLSearchParams({ authorization_details, code_challenge: pkce().challenge, code_challenge_method: 'S256' })}`,
    );
    expect(answer.headers.get('location')).to.include('error=consent_required');
  });

  it('do not come back in a later request without them', async () => {
    const agent = new BrowserAgent();
    await tokens({ authorization_details }, agent);
    expect(await tokens({}, agent)).not.to.have.property('authorization_details');
  });

  it('can be fewer in a refresh, and never more', async () => {
    const { refresh_token } = await tokens({ authorization_details, scope: 'api:read offline_access' });
    const refreshed = (detail: object) =>
      tokenOf(server, client, {
        grant_type: 'refresh_token',
        refresh_token,
        resource: API,
        authorization_details: JSON.stringify([detail]),
      });
    const less = { ...DETAIL, actions: ['read'] };
    const { status, body } = await refreshed(less);
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(decodeJwt(body.access_token).authorization_details).to.deep.equal([less]);
    const more = await refreshed({ ...DETAIL, creditor: 'Other' });
    expect(more.body.error).to.equal('invalid_authorization_details');
    const plain = await tokenOf(server, client, { grant_type: 'refresh_token', refresh_token });
    expect(decodeJwt(plain.body.access_token).authorization_details).to.deep.equal([DETAIL]);
  });

  it('are refused when they do not fit their type', async () => {
    const invalid = 'invalid_authorization_details';
    const sent = (value: unknown) => errorOf({ authorization_details: JSON.stringify(value) });
    expect(await sent([{ type: 'unknown' }])).to.equal(invalid);
    expect(await sent([{ type: 'payment' }])).to.equal(invalid);
    expect(await sent([{ ...DETAIL, more: true }])).to.equal(invalid);
    expect(await sent([{ ...DETAIL, actions: ['delete'] }])).to.equal(invalid);
    expect(await sent({ type: 'payment' })).to.equal(invalid);
    expect(await errorOf({ authorization_details: 'no json' })).to.equal(invalid);
    const other = await createClient(server, {
      authorization_details_types: ['reading'],
    });
    expect(await errorOf({ authorization_details }, other)).to.equal(invalid);
  });

  it('are refused to a client on its own', async () => {
    const own = await createClient(server, {
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      client_credentials_scope: 'api:read',
      ...TYPES,
    });
    const { body } = await tokenOf(server, own, {
      ...{ grant_type: 'client_credentials', resource: API, scope: 'api:read' },
      authorization_details,
    });
    expect(body.error).to.equal('invalid_authorization_details');
  });

  it('can be pushed', async () => {
    const { verifier, challenge } = pkce();
    const pushed = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      headers: { authorization: basic(client) },
      body: new URLSearchParams({
        ...{ client_id: client.id, response_type: 'code', redirect_uri: client.redirectUri },
        ...{ resource: API, scope: 'api:read', code_challenge: challenge, code_challenge_method: 'S256' },
        authorization_details,
      }),
    });
    const { request_uri } = await pushed.json();
    const query = new URLSearchParams({ client_id: client.id, request_uri });
    const back = await signInOnPages(new BrowserAgent(), `${server.url}/oauth/authorize?${query}`);
    const code = back.searchParams.get('code') ?? '';
    const { body } = await redeem(server, client, { code, verifier });
    expect(decodeJwt(body.access_token).authorization_details).to.deep.equal([DETAIL]);
  });

  it('can be approved behind the browser', async () => {
    const till = await cibaClient(server, TYPES);
    const person = await somebody(server);
    const asked = await ask(server, till, {
      ...{ login_hint: person.email, scope: 'openid api:read', resource: API },
      authorization_details,
    });
    expect(asked.status, JSON.stringify(asked.body)).to.equal(200);
    await person.signIn('/account/approvals?lang=en');
    const { page } = await person.open('/account/approvals');
    expect(page).to.include('Pay 1250.00 THB to Doi Chaang');
    const [request = ''] = requestsOn(page);
    await person.send('/account/approvals/approve', { request }, { on: '/account/approvals' });
    const { body } = await poll(server, till, asked);
    expect(decodeJwt(body.access_token).authorization_details).to.deep.equal([DETAIL]);
  });

  it('are announced', async () => {
    const metadata = await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json();
    expect(metadata.authorization_details_types_supported).to.deep.equal(['payment', 'reading']);
  });
});
