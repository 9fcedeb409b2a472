import { randomUUID } from 'node:crypto';
import { request as send } from 'node:http';
import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import {
  authorizeFapi,
  type Changes,
  epoch,
  type FapiClient,
  fapiClient,
  newKey,
  proofOf,
  redeemFapi,
} from './fapi-client.ts';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('FAPI 2.0: proofs at a resource', () => {
  let server: TestServer;
  let client: FapiClient;
  let token: string;
  let url: string;

  before(async () => {
    server = await testServer();
    client = await fapiClient(server);
    url = `${server.url}/oauth/userinfo`;
    const { body } = await redeemFapi(server, client, await authorizeFapi(server, client));
    token = body.access_token;
  });

  const proof = (changes: Changes = {}): Promise<string> => proofOf(client, ['GET', url], token, changes);

  /** Without fetch, which would join the two headers. */
  const call = (proofs: string[], { scheme = 'DPoP', query = '' } = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = send(
        `${url}${query}`,
        { headers: { authorization: `${scheme} ${token}`, dpop: proofs } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      sent.on('error', reject);
      sent.end();
    });

  const isRefused = (status: number): boolean => status === 400 || status === 401;

  it('open it, with the scheme in any case', async () => {
    expect(await call([await proof()])).to.equal(200);
    expect(await call([await proof()], { scheme: 'dpop' })).to.equal(200);
  });

  it('work once', async () => {
    const claims = { jti: randomUUID() };
    expect(await call([await proof({ claims })])).to.equal(200);
    expect(await call([await proof({ claims })])).to.satisfy(isRefused);
  });

  it('may be ten seconds late or early', async () => {
    for (const seconds of [-10, 10])
      expect(await call([await proof({ claims: { iat: epoch() + seconds } })])).to.equal(200);
  });

  it('name the URL with or without a query, in any spelling of its host', async () => {
    const { port } = new URL(url);
    const spellings = [`${url}?a=b`, `${url}#part`, url.replace('localhost', 'LOCALHOST')];
    for (const htu of spellings) expect(await call([await proof({ claims: { htu } })]), htu).to.equal(200);
    expect(await call([await proof()], { query: '?a=b' })).to.equal(200);
    expect(await call([await proof({ claims: { htu: url.replace(port, '1') } })])).to.satisfy(isRefused);
  });

  it('are refused when two come, or none, or the token comes as Bearer', async () => {
    expect(await call([await proof(), await proof()])).to.satisfy(isRefused);
    expect(await call([])).to.satisfy(isRefused);
    expect(await call([await proof()], { scheme: 'Bearer' })).to.satisfy(isRefused);
  });

  const wrong: [string, () => Promise<Changes>][] = [
    ['of another type', async () => ({ header: { typ: 'JWT' } })],
    ['signed by RS256', async () => ({ key: await newKey('RS256') })],
    ['signed by PS256', async () => ({ key: await newKey('PS256') })],
    ['signed by another key', async () => ({ key: await newKey() })],
    ['whose key is not the one that signed it', async () => ({ header: { jwk: (await newKey()).jwk } })],
    ['without a key', async () => ({ header: { jwk: undefined } })],
    ['without jti', async () => ({ claims: { jti: undefined } })],
    ['without htm', async () => ({ claims: { htm: undefined } })],
    ['for another method', async () => ({ claims: { htm: 'POST' } })],
    ['without htu', async () => ({ claims: { htu: undefined } })],
    ['for another address', async () => ({ claims: { htu: `${server.url}/oauth/token` } })],
    ['without iat', async () => ({ claims: { iat: undefined } })],
    ['of an hour ago', async () => ({ claims: { iat: epoch() - 3600 } })],
    ['of an hour from now', async () => ({ claims: { iat: epoch() + 3600 } })],
    ['without ath', async () => ({ claims: { ath: undefined } })],
    ['for another token', async () => ({ claims: { ath: 'x'.repeat(43) } })],
  ];
  for (const [name, changes] of wrong) {
    it(`are refused ${name}`, async () => {
      expect(await call([await proof(await changes())])).to.satisfy(isRefused);
    });
  }

  it('are refused unsigned', async () => {
    const [, claims] = (await proof()).split('.');
    const header = base64url({ alg: 'none', typ: 'dpop+jwt', jwk: client.proofKey.jwk });
    expect(await call([`${header}.${claims}.`])).to.satisfy(isRefused);
  });
});
