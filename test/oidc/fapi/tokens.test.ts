import { expect } from 'chai';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { createClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { authorize, redeem } from '../../support/code-flow.ts';
import { startServer, type TestServer, testServer } from '../../support/server.ts';
import {
  authorizeFapi,
  type FapiClient,
  fapiClient,
  newKey,
  proofOf,
  redeemFapi,
  tokensOf,
} from './fapi-client.ts';

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };

describe('FAPI 2.0: codes and tokens', () => {
  let server: TestServer;
  let client: FapiClient;

  before(async () => {
    server = await testServer();
    client = await fapiClient(server);
  });

  const refused = async (answer: ReturnType<typeof redeemFapi>): Promise<string> => {
    const { status, body } = await answer;
    return status === 200 ? 'tokens' : `${status} ${body.error}`;
  };
  const tokenUrl = (): string => `${server.url}/oauth/token`;

  it('need the verifier of the request', async () => {
    const { code, verifier } = await authorizeFapi(server, client);
    const wrong = verifier.split('').reverse().join('');
    expect(await refused(redeemFapi(server, client, { code }))).to.equal('400 invalid_grant');
    const again = await authorizeFapi(server, client);
    expect(await refused(redeemFapi(server, client, { code: again.code, verifier: wrong }))).to.equal(
      '400 invalid_grant',
    );
  });

  it('need a proof, and are bound to its key', async () => {
    const granted = await authorizeFapi(server, client);
    expect(await refused(redeemFapi(server, client, granted, { headers: {} }))).to.match(/^400 invalid_/);
    const { status, body } = await redeemFapi(server, client, await authorizeFapi(server, client));
    expect([status, body.token_type]).to.deep.equal([200, 'DPoP']);
  });

  it('belong to one client', async () => {
    const other = await fapiClient(server);
    const granted = await authorizeFapi(server, client);
    const stolen = redeemFapi(server, { ...other, redirectUri: client.redirectUri }, granted);
    expect(await refused(stolen)).to.equal('400 invalid_grant');
  });

  it('end a minute after the sign-in', async () => {
    const granted = await authorizeFapi(server, client);
    await moveClock(server.database, 61);
    expect(await refused(redeemFapi(server, client, granted))).to.equal('400 invalid_grant');
  });

  it('end a minute after the sign-in also where other clients have longer', async () => {
    const patient = await startWith(300);
    const own = await fapiClient(patient);
    const other = await createClient(patient);
    const granted = await authorizeFapi(patient, own);
    const longer = await authorize(patient, other);
    await moveClock(patient.database, 70);
    expect(await refused(redeemFapi(patient, own, granted))).to.equal('400 invalid_grant');
    expect((await redeem(patient, other, longer)).status).to.equal(200);
  });

  it('work once: a second use is refused and ends what the first gave', async () => {
    const granted = await authorizeFapi(server, client);
    const { body } = await redeemFapi(server, client, granted);
    await moveClock(server.database, 1);
    expect(await refused(redeemFapi(server, client, granted))).to.equal('400 invalid_grant');
    const url = `${server.url}/oauth/userinfo`;
    const dpop = await proofOf(client, ['GET', url], body.access_token);
    const { status } = await fetch(url, { headers: { authorization: `DPoP ${body.access_token}`, dpop } });
    expect(status).to.equal(401);
  });

  it('are refreshed with a proof only, and keep their refresh token', async () => {
    const granted = await authorizeFapi(server, client, OFFLINE);
    const { body } = await redeemFapi(server, client, granted);
    const fields = { grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' };
    expect(await refused(tokensOf(server, client, fields, { headers: {} }))).to.match(/^400 invalid_/);
    const next = await tokensOf(server, client, fields);
    expect(next.status).to.equal(200);
    expect(next.body.token_type).to.equal('DPoP');
    expect(next.body.refresh_token ?? body.refresh_token).to.equal(body.refresh_token);
    // a refresh token of a confidential client is bound to the client, whose key may change (RFC 9449 §5)
    const proofKey = await newKey();
    const dpop = await proofOf({ ...client, proofKey }, ['POST', tokenUrl()]);
    expect(await refused(tokensOf(server, client, fields, { headers: { dpop } }))).to.equal('tokens');
  });

  for (const alg of ['ES256', 'PS256'])
    it(`come with an ID token and a JWT response signed by ${alg}`, async () => {
      const own = await fapiClient(server, {
        id_token_signed_response_alg: alg,
        authorization_signed_response_alg: alg,
      });
      const keys = createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`));
      const { back, verifier } = await authorizeFapi(server, own, { response_mode: 'jwt' });
      const response = back.searchParams.get('response') ?? '';
      expect([...back.searchParams.keys()]).to.deep.equal(['response']);
      const { payload, protectedHeader } = await jwtVerify(response, keys, {
        issuer: server.url,
        audience: own.id,
      });
      expect(protectedHeader.alg).to.equal(alg);
      expect(payload.exp).to.be.a('number');
      const { body } = await redeemFapi(server, own, { code: String(payload.code), verifier });
      expect(decodeProtectedHeader(body.id_token ?? '').alg).to.equal(alg);
    });

  function startWith(authorizationCode: number): Promise<TestServer> {
    return startServer({ tokens: { authorizationCode } });
  }
});
