import { expect } from 'chai';
import { calculateJwkThumbprint, exportJWK, importJWK } from 'jose';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { moveClock } from '../../support/clock.ts';
import { requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { signInOnPages } from '../../support/sign-in.ts';
import {
  addressOf,
  authorizeFapi,
  epoch,
  type FapiClient,
  fapiClient,
  newKey,
  proofOf,
  push,
  redeemFapi,
  requestObjectOf,
  rightRequest,
} from './fapi-client.ts';

describe('FAPI 2.0: authorization requests', () => {
  let server: TestServer;
  let client: FapiClient;

  before(async () => {
    server = await testServer();
    client = await fapiClient(server);
  });

  const errorOf = async (parameters: Record<string, string | undefined>): Promise<[number, string]> => {
    const { status, body } = await push(server, client, parameters);
    return [status, body.error];
  };

  /** The response of the authorization endpoint to a browser. */
  const opened = async (url: string) => {
    const answer = await new BrowserAgent().request(url);
    return { status: answer.status, location: answer.headers.get('location'), page: await answer.text() };
  };

  it('are pushed with PKCE by S256, and nothing else', async () => {
    const { request } = rightRequest(client);
    const { code_challenge: _challenge, code_challenge_method: _method, ...without } = request;
    expect(await errorOf(without)).to.deep.equal([400, 'invalid_request']);
    expect(await errorOf({ ...request, code_challenge_method: 'plain' })).to.deep.equal([
      ...[400, 'invalid_request'],
    ]);
    expect(await errorOf({ ...request, code_challenge_method: undefined })).to.deep.equal([
      ...[400, 'invalid_request'],
    ]);
    expect((await push(server, client, request)).status).to.equal(201);
  });

  it('are refused when they are not pushed, signed or not', async () => {
    const { request } = rightRequest(client);
    for (const sent of [request, { request: await requestObjectOf(server, client, request) }]) {
      const { status, location, page } = await opened(requestUrl(server, client, sent));
      const refused = location ?? `${status} ${page}`;
      expect(refused).to.include('invalid_request');
      expect(refused).to.not.include('/interaction/');
    }
  });

  it('ask for a code only', async () => {
    for (const response_type of ['token', 'code id_token', 'id_token', 'code token']) {
      const [status, error] = await errorOf({ ...rightRequest(client).request, response_type, nonce: 'n' });
      expect([status, error], response_type).to.deep.equal([400, 'unsupported_response_type']);
    }
  });

  it('have a redirect URI that is registered', async () => {
    const { request } = rightRequest(client);
    for (const redirect_uri of ['https://rp.example/other', 'https://evil.example/cb', undefined])
      expect(await errorOf({ ...request, redirect_uri })).to.deep.equal([400, 'invalid_request']);
  });

  it('belong to the client that pushed them', async () => {
    const other = await fapiClient(server);
    const { body } = await push(server, client, rightRequest(client).request);
    const { status, location } = await opened(addressOf(server, other, body.request_uri));
    expect(status === 400 || /error=/.test(location ?? '')).to.equal(true);
    expect(location ?? '').to.not.include('/interaction/');
  });

  it('are made by POST, and hold no request_uri', async () => {
    const answer = await fetch(`${server.url}/oauth/par`);
    expect([answer.status, answer.headers.get('allow')]).to.deep.equal([405, 'POST']);
    const { body } = await push(server, client, rightRequest(client).request);
    const inside = { ...rightRequest(client).request, request_uri: body.request_uri };
    expect(await errorOf(inside)).to.deep.equal([400, 'request_uri_not_supported']);
  });

  it('work for a minute', async () => {
    const { body } = await push(server, client, rightRequest(client).request);
    expect(body.expires_in).to.equal(60);
    await moveClock(server.database, 121);
    const { status, location } = await opened(addressOf(server, client, body.request_uri));
    expect(status === 400 || /error=invalid_request_uri/.test(location ?? '')).to.equal(true);
    expect(location ?? '').to.not.include('/interaction/');
  });

  it('may be opened again before the sign-in is complete, and not after it', async () => {
    const { request, verifier } = rightRequest(client);
    const { body } = await push(server, client, request);
    const url = addressOf(server, client, body.request_uri);
    const agent = new BrowserAgent();
    for (let times = 0; times < 2; times += 1) {
      const page = await agent.follow(url);
      expect(page.status).to.equal(200);
      expect(await page.text()).to.include('name="password"');
    }
    const back = await signInOnPages(agent, url);
    const code = back.searchParams.get('code') ?? '';
    expect((await redeemFapi(server, client, { code, verifier })).status).to.equal(200);
    const { location } = await opened(url);
    expect(location ?? '').to.not.include('/interaction/');
  });

  it('are answered with the issuer, and the state as it came', async () => {
    const state = 'aA0-._~'.repeat(60);
    const nonce = 'n'.repeat(64);
    const { back, code, verifier } = await authorizeFapi(server, client, { state, nonce });
    expect(back.searchParams.get('iss')).to.equal(server.url);
    expect(back.searchParams.get('state')).to.equal(state);
    const { body } = await redeemFapi(server, client, { code, verifier });
    const [, claims = ''] = (body.id_token ?? '').split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).to.include({ nonce });
  });

  it('bind the code to the key of dpop_jkt, which a proof beside it must match', async () => {
    const dpop_jkt = await calculateJwkThumbprint(client.proofKey.jwk);
    const par = `${server.url}/oauth/par`;
    const foreign = await newKey();
    const { request } = rightRequest(client, { dpop_jkt });
    const headers = { dpop: await proofOf(client, ['POST', par], undefined, { key: foreign }) };
    const mismatch = await push(server, client, request, { headers });
    expect([mismatch.status, mismatch.body.error]).to.deep.equal([400, 'invalid_request']);

    const other = { ...client, proofKey: foreign };
    const stolen = await authorizeFapi(server, client, { dpop_jkt });
    const refused = await redeemFapi(server, other, stolen);
    expect([refused.status, refused.body.error]).to.deep.equal([400, 'invalid_grant']);
    const used = await redeemFapi(server, client, await authorizeFapi(server, client, { dpop_jkt }));
    expect([used.status, used.body.token_type]).to.deep.equal([200, 'DPoP']);
  });

  describe('that are signed', () => {
    const pushed = async (changes: Parameters<typeof requestObjectOf>[3] = {}) => {
      const request = await requestObjectOf(server, client, rightRequest(client).request, changes);
      const { status, body } = await push(server, client, { client_id: client.id, request });
      return status === 201 ? 201 : `${status} ${body.error}`;
    };

    it('have exp and nbf, within an hour of each other', async () => {
      expect(await pushed()).to.equal(201);
      for (const claims of [
        { exp: undefined },
        { nbf: undefined },
        { nbf: epoch() - 60, exp: epoch() + 3550 },
        { nbf: epoch() - 3700 },
        { exp: epoch() - 60 },
        { aud: 'https://evil.example' },
        { aud: undefined },
      ])
        expect(await pushed({ claims }), JSON.stringify(claims)).to.equal('400 invalid_request_object');
    });

    it('may be dated 8 seconds ahead, and not 60', async () => {
      expect(await pushed({ claims: { nbf: epoch() + 8, iat: epoch() + 8 } })).to.equal(201);
      expect(await pushed({ claims: { nbf: epoch() + 65 } })).to.equal('400 invalid_request_object');
      expect(await pushed({ claims: { iat: epoch() + 65 } })).to.equal('400 invalid_request_object');
    });

    it('are signed by PS256, ES256 or Ed25519 with a key of the client', async () => {
      expect(await pushed({ key: await newKey() })).to.equal('400 invalid_request_object');
      const keys = {
        RS256: await newKey('RS256'),
        PS256: await newKey('PS256'),
        EdDSA: await newKey('EdDSA'),
      };
      for (const [alg, key] of Object.entries(keys)) {
        const signer = await fapiClient(server, {}, key);
        const request = await requestObjectOf(server, signer, rightRequest(signer).request);
        // the assertion of the RSA key is signed by PS256, so that only the request object is invalid
        const { status } = await push(
          server,
          signer,
          { client_id: signer.id, request },
          {
            assertion: alg === 'RS256' ? { key: await asPs256(key) } : {},
          },
        );
        expect(status, alg).to.equal(alg === 'RS256' ? 400 : 201);
      }
    });

    it('are required of a client that registered it', async () => {
      const signing = await fapiClient(server, { require_signed_request_object: true });
      const { request } = rightRequest(signing);
      const { status, body } = await push(server, signing, request);
      expect([status, body.error]).to.deep.equal([400, 'invalid_request']);
      const signed = { client_id: signing.id, request: await requestObjectOf(server, signing, request) };
      expect((await push(server, signing, signed)).status).to.equal(201);
    });
  });
});

/** The same key for another padding. */
async function asPs256(key: Awaited<ReturnType<typeof newKey>>) {
  const jwk = await exportJWK(key.privateKey);
  const privateKey = (await importJWK({ ...jwk, alg: 'PS256' }, 'PS256')) as CryptoKey;
  return { ...key, privateKey, alg: 'PS256' };
}
