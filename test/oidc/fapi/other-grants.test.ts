import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { somebody } from '../../pages/account/visitor.ts';
import { createClient } from '../../support/clients.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { API, DETAIL, PAYMENT } from '../authorization-details/details-steps.ts';
import { CIBA, requestsOn, SETTINGS } from '../backchannel/backchannel-steps.ts';
import { ACCESS_TOKEN, GRANT, signedIn } from '../token-exchange/exchange-steps.ts';
import {
  ASSERTION_TYPE,
  assertionOf,
  authorizeFapi,
  fapiClient,
  redeemFapi,
  tokensOf,
} from './fapi-client.ts';

const PAGE = '/account/approvals';

describe('FAPI 2.0: clients with further grants', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer({ ciba: SETTINGS, authorizationDetails: [PAYMENT] as never });
  });
  after(() => server.stop());

  it('get bound tokens by backchannel authentication, by an assertion for the issuer only', async () => {
    const client = await fapiClient(server, {
      ...{ grant_types: [CIBA], response_types: [], redirect_uris: [], scope: 'openid' },
      backchannel_token_delivery_mode: 'poll',
    });
    const person = await somebody(server);
    const ask = async (aud: string) => {
      const answer = await fetch(`${server.url}/oauth/backchannel`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ scope: 'openid', login_hint: person.email, client_assertion_type: ASSERTION_TYPE },
          client_assertion: await assertionOf(server, client, { claims: { aud } }),
        }),
      });
      return { status: answer.status, body: await answer.json() };
    };
    const refused = await ask(`${server.url}/oauth/backchannel`);
    expect([refused.status, refused.body.error]).to.deep.equal([401, 'invalid_client']);
    const { body: asked } = await ask(server.url);
    await person.signIn(`${PAGE}?lang=en`);
    const [request = ''] = requestsOn((await person.open(PAGE)).page);
    await person.send(`${PAGE}/approve`, { request }, { on: PAGE });
    const fields = { grant_type: CIBA, auth_req_id: asked.auth_req_id };
    const unproved = await tokensOf(server, client, fields, { headers: {} });
    expect([unproved.status, unproved.body.error]).to.deep.equal([400, 'invalid_grant']);
    const { status, body } = await tokensOf(server, client, fields);
    expect([status, body.token_type], JSON.stringify(body)).to.deep.equal([200, 'DPoP']);
  });

  it('get bound tokens by an exchange', async () => {
    const shop = await createClient(server);
    const client = await fapiClient(server, {
      ...{ grant_types: [GRANT], response_types: [], redirect_uris: [], scope: 'openid' },
      token_exchange: [{ subject_clients: [shop.id], resource: API, scope: 'api:read', mode: 'delegation' }],
    });
    const { access_token: subject } = await signedIn(server, shop, API);
    const fields = { grant_type: GRANT, subject_token: subject, subject_token_type: ACCESS_TOKEN };
    const unproved = await tokensOf(server, client, fields, { headers: {} });
    expect(unproved.body.error).to.equal('invalid_grant');
    const { status, body } = await tokensOf(server, client, fields);
    expect([status, body.token_type], JSON.stringify(body)).to.deep.equal([200, 'DPoP']);
    expect(decodeJwt(body.access_token).cnf).to.have.property('jkt');
  });

  it('push what they ask for in detail', async () => {
    const client = await fapiClient(server, { authorization_details_types: ['payment'] });
    const authorized = await authorizeFapi(server, client, {
      ...{ resource: API, scope: 'openid api:read', authorization_details: JSON.stringify([DETAIL]) },
    });
    const { body } = await redeemFapi(server, client, authorized);
    expect(decodeJwt(body.access_token)).to.deep.include({ aud: API, authorization_details: [DETAIL] });
  });
});
