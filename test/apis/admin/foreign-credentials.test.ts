import { expect } from 'chai';
import { operator } from '../../pages/console/operator.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { operations } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import {
  authorizationUrl,
  BASIC_CLIENT,
  pkce,
  SOMCHAI,
  signInOnPages,
  tokenRequest,
  tokensByCode,
  tokensByPassword,
} from '../../support/sign-in.ts';
import { keysClient } from '../keys/keys-client.ts';
import { newPartner, partnerToken } from '../partners/partners-client.ts';
import { ADMIN_CLIENT, clientToken } from './admin-client.ts';

/** An id that names nothing: the requested object must not matter. */
const NOBODY = '999999999';
/** Every cookie of a browser, regardless of its path. */
const allCookies = ({ cookies }: BrowserAgent): string => {
  expect(cookies.size).to.be.above(1);
  return [...cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
};

const described = operations.filter(({ document }) => document === 'admin.yaml');

describe('no credential for something else opens a route of the Admin API', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  after(() => server.stop());

  /** Expects that every route refuses a request with these headers as one without a token. */
  async function refused(headers: Record<string, string>): Promise<void> {
    for (const { id, method, path } of described) {
      const hasBody = ['post', 'patch'].includes(method);
      const response = await fetch(server.url + path.replaceAll(/\{\w+\}/g, NOBODY), {
        method: method.toUpperCase(),
        redirect: 'manual',
        headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
        ...(hasBody ? { body: '{}' } : {}),
      });
      const body = await response.json();
      expect([response.status, body.code], id).to.deep.equal([401, 'INVALID_TOKEN']);
    }
  }

  const bearer = (token: string) => refused({ authorization: `Bearer ${token}` });

  it('a session of a customer at a browser', async () => {
    const agent = new BrowserAgent();
    await signInOnPages(agent, authorizationUrl(server.url, pkce().challenge));
    const account = await agent.request(`${server.url}/account`);
    expect(account.status).to.be.oneOf([200, 303]);
    await refused({ cookie: allCookies(agent) });
  });

  it('a session of an operator in the console', async () => {
    const admin = await operator(server, 'admin');
    expect((await admin.open('/console')).status).to.equal(200);
    await refused({ cookie: allCookies(admin.agent) });
  });

  it('access and ID tokens of a customer', async () => {
    const byCode = await tokensByCode(server.url, { scope: 'openid profile email' });
    await bearer(byCode.access_token);
    await bearer(String(byCode.id_token));
    const byPassword = await tokensByPassword(server.url, { scope: 'openid global' });
    await bearer(byPassword.access_token);
    await bearer(String(byPassword.refresh_token));
  });

  it('the credentials of a first-party client, and of one that may get tokens of this API', async () => {
    for (const authorization of [
      BASIC_CLIENT,
      ADMIN_CLIENT,
      `Basic ${Buffer.from(`${SOMCHAI.login}:${SOMCHAI.password}`).toString('base64')}`,
    ])
      await refused({ authorization });
  });

  it('a token of the same client for another audience', async () => {
    const { clients } = server.domain;
    const stored = await clients.find('admin-api');
    const metadata = stored?.metadata as NonNullable<typeof stored>['metadata'];
    await clients.change({
      ...metadata,
      client_credentials_scope: `${metadata.client_credentials_scope} api:read`,
    });
    const resource = 'http://localhost:8080/api';
    const { body } = await tokenRequest(
      server.url,
      { grant_type: 'client_credentials', resource, scope: 'api:read' },
      { authorization: ADMIN_CLIENT },
    );
    await clients.change(metadata);
    await bearer(body.access_token);
  });

  it('a key of the Keys API', async () => {
    const { key } = await keysClient(server).registered();
    await refused({ 'x-api-key': key });
    await bearer(key);
  });

  it('the credentials of a partner, with the token of an account', async () => {
    const partner = await newPartner(server);
    const token = await partnerToken(server, partner);
    await refused({
      client_id: partner.id,
      client_secret: partner.secret,
      authorization: String(partner.apiKey),
      access_token: token,
    });
    await refused({ 'x-client-identifier': partner.id, 'x-client-secret': partner.secret });
    await bearer(token);
  });

  it('a token of this API that is not in the Authorization header', async () => {
    const token = await clientToken(server, 'admin:overview:read');
    const response = await fetch(`${server.url}/admin/v1/overview?access_token=${token}`);
    expect(response.status).to.equal(401);
    await refused({ access_token: token });
  });
});
