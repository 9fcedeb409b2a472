import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { dpopProof, type ProofKeys, proofKeys } from '../../concurrency/proofs.ts';
import type { TestClient } from '../../support/clients.ts';
import { authorize, basic, introspect } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';
import { ACCESS_TOKEN, API, backend, frontend, GRANT, OPAQUE } from './exchange-steps.ts';

describe('a token exchange with tokens that are bound to a key (RFC 9449)', () => {
  let server: TestServer;
  let shop: TestClient;
  let orders: TestClient;
  let holder: ProofKeys;
  let other: ProofKeys;

  before(async () => {
    [holder, other] = [await proofKeys(), await proofKeys()];
    server = await testServer();
    shop = await frontend(server);
    orders = await backend(server, [{ subject_clients: [shop.id] }]);
  });

  const proven = async (keys: ProofKeys | undefined): Promise<Record<string, string>> =>
    keys === undefined ? {} : { dpop: await dpopProof(keys, `${server.url}/oauth/token`) };

  async function signedIn(resource: string, keys?: ProofKeys): Promise<string> {
    const flow = await authorize(server, shop, { scope: 'openid api:read', resource });
    const { body } = await tokenRequest(
      server.url,
      {
        grant_type: 'authorization_code',
        code: flow.code,
        code_verifier: flow.verifier,
        redirect_uri: shop.redirectUri,
      },
      { authorization: basic(shop), ...(await proven(keys)) },
    );
    return body.access_token;
  }

  const exchange = async (client: TestClient, token: string, headers: Record<string, string>) =>
    tokenRequest(
      server.url,
      { grant_type: GRANT, subject_token: token, subject_token_type: ACCESS_TOKEN, resource: OPAQUE },
      { authorization: basic(client), ...headers },
    );

  it('binds the new token to a proof that is sent, which works once', async () => {
    const headers = await proven(other);
    const { body } = await exchange(orders, await signedIn(OPAQUE), headers);
    expect(body.token_type).to.equal('DPoP');
    const { cnf } = (await introspect(server, orders, body.access_token)).body;
    expect(cnf.jkt).to.be.a('string');
    const again = await exchange(orders, await signedIn(OPAQUE), headers);
    expect(again.body.error).to.equal('invalid_grant');
  });

  it('demands a proof of a client that has promised it', async () => {
    const bound = await backend(server, [{ subject_clients: [shop.id] }], { dpop_bound_access_tokens: true });
    const subject = await signedIn(OPAQUE);
    expect((await exchange(bound, subject, {})).body.error).to.equal('invalid_grant');
    expect((await exchange(bound, subject, await proven(other))).status).to.equal(200);
  });

  for (const resource of [OPAQUE, API]) {
    it(`takes a bound token for ${resource} with a proof of its key, and no other way`, async () => {
      const subject = await signedIn(resource, holder);
      if (resource === API) expect(decodeJwt(subject)).to.have.property('cnf');
      for (const keys of [undefined, other])
        expect((await exchange(orders, subject, await proven(keys))).body.error).to.equal('invalid_request');
      const { status, body } = await exchange(orders, subject, await proven(holder));
      expect([status, body.token_type]).to.deep.equal([200, 'DPoP']);
    });
  }
});
