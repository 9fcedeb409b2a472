import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { createClient } from '../support/clients.ts';
import { authorize, redeem, userinfo } from '../support/code-flow.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { BASIC_CLIENT } from '../support/sign-in.ts';
import {
  encrypted,
  exchange,
  exchangeJson,
  exchangeOf,
  PARTNER,
  partnerCodes,
  post,
  REQUEST_ID,
  told,
} from './partner-client.ts';

describe('the code exchange bound to a mobile number', () => {
  let server: TestServer;
  let newCode: ReturnType<typeof partnerCodes>;

  before(async () => {
    server = await testServer();
    newCode = partnerCodes(server.url);
  });

  it('answers as documented', async () => {
    const mobileNumber = encrypted();
    const { status, body, headers } = await exchange(server.url, await newCode(), {
      mobile_number: mobileNumber,
    });
    expect(status).to.equal(200);
    expect(Object.keys(body)).to.deep.equal([
      'res_code',
      'res_message',
      'request_id',
      'mobile_number',
      'access_token',
      'token_type',
      'expires_in',
      'id_token',
      'timestamp',
    ]);
    expect(body).to.include({
      res_code: '000',
      res_message: 'Success.',
      request_id: REQUEST_ID,
      mobile_number: mobileNumber,
      token_type: 'Bearer',
      expires_in: 3600,
    });
    expect(Date.now() - Date.parse(String(body.timestamp))).to.be.within(-2000, 60_000);
    expect(decodeJwt(String(body.id_token)).aud).to.equal(PARTNER.id);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect((await userinfo(server, String(body.access_token))).status).to.equal(200);
  });

  for (const spelling of ['0812345678', '+66812345678', '66812345678', '081-234-5678', '0812345678\n'])
    it(`takes the number as ${JSON.stringify(spelling)}`, async () => {
      const answer = await exchange(server.url, await newCode(), { mobile_number: encrypted(spelling) });
      expect(answer.status, answer.text).to.equal(200);
    });

  it('reads a space in the number as a plus sign', async () => {
    let mobileNumber = encrypted();
    while (!mobileNumber.includes('+')) mobileNumber = encrypted();
    const { mobile_number: _, ...rest } = exchangeOf(await newCode());
    // a form that the client has not encoded
    const { status, body } = await post(
      server.url,
      `${new URLSearchParams(rest)}&mobile_number=${mobileNumber}`,
      {
        'content-type': 'application/x-www-form-urlencoded',
      },
    );
    expect(status).to.equal(200);
    expect(body.mobile_number).to.equal(mobileNumber);
  });

  it('takes JSON', async () => {
    const { status, body } = await exchangeJson(server.url, exchangeOf(await newCode()));
    expect(status).to.equal(200);
    expect(body.res_code).to.equal('000');
  });

  it('takes Basic authentication', async () => {
    const fields = exchangeOf(await newCode(), { client_id: undefined, client_secret: undefined });
    const authorization = `Basic ${Buffer.from(`${PARTNER.id}:${PARTNER.secret}`).toString('base64')}`;
    expect((await post(server.url, new URLSearchParams(fields), { authorization })).status).to.equal(200);
  });

  it('adds openid to every authorization, and so has an ID token', async () => {
    for (const scope of [undefined, 'profile email']) {
      const { body } = await exchange(server.url, await newCode({ scope }));
      expect(decodeJwt(String(body.id_token)).sub).to.match(/^\d+$/);
    }
  });

  it('takes redirect_url for redirect_uri, and neither', async () => {
    const uri = PARTNER.redirectUri;
    for (const changes of [
      {},
      { redirect_url: uri },
      { redirect_uri: uri },
      { redirect_uri: uri, redirect_url: uri },
    ]) {
      expect((await exchange(server.url, await newCode(), changes)).status).to.equal(200);
    }
    const code = await newCode();
    const other = 'http://localhost:8080/other';
    for (const changes of [{ redirect_url: other }, { redirect_uri: other }]) {
      expect(told(await exchange(server.url, code, changes))).to.equal('400 invalid_grant 103');
    }
    const both = await exchange(server.url, code, { redirect_uri: uri, redirect_url: other });
    expect(told(both)).to.equal('400 invalid_request 101');
    expect((await exchange(server.url, code)).status).to.equal(200);
  });

  it('gives a refresh token when one is granted', async () => {
    const partner = await createClient(
      server,
      { client_id: '552001', token_profile: 'partner', token_endpoint_auth_method: 'client_secret_post' },
      'partner-with-refresh',
    );
    await server.domain.clients.rotateSecret(partner.id, 0, {
      kind: 'mobile_key',
      secret: Buffer.from('0123456789abcdef0123456789abcdef').toString('base64'),
    });
    const code = await partnerCodes(
      server.url,
      partner,
    )({ scope: 'openid offline_access', prompt: 'consent' });
    const { status, body } = await exchange(server.url, code, {
      client_id: partner.id,
      client_secret: partner.secret,
    });
    expect(status).to.equal(200);
    const refreshed = await post(
      server.url,
      new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: partner.id,
        client_secret: partner.secret,
        refresh_token: String(body.refresh_token),
      }),
    );
    expect(refreshed.status).to.equal(200);
    expect(refreshed.body).to.not.have.property('res_code');
  });

  it('honours PKCE where it was used', async () => {
    const { code, verifier } = await authorize(server, PARTNER);
    expect(told(await exchange(server.url, code))).to.equal('400 invalid_grant 103');
    expect(told(await exchange(server.url, code, { code_verifier: 'a'.repeat(43) }))).to.equal(
      '400 invalid_grant 103',
    );
    expect((await exchange(server.url, code, { code_verifier: verifier })).status).to.equal(200);
  });

  it('does not affect other clients', async () => {
    const other = await createClient(server, { token_endpoint_auth_method: 'client_secret_post' });
    const fresh = await authorize(server, other);
    const more = { request_id: 'x'.repeat(99), mobile_number: 'nonsense', timestamp: 'never' };
    const { status, body } = await redeem(server, other, fresh, more);
    expect(status).to.equal(200);
    expect(body.scope).to.equal('openid');
    expect(body).to.not.have.any.keys('res_code', 'timestamp', 'mobile_number');
    // a second exchange: the error of a client that its secret identifies
    const again = await redeem(server, other, fresh, more);
    expect(again.body.error).to.equal('invalid_grant');
    expect(again.body).to.not.have.property('res_code');

    const json = await exchangeJson(server.url, {
      ...exchangeOf('a-code'),
      client_id: other.id,
      client_secret: other.secret,
    });
    expect(json.status).to.equal(400);
    expect(Object.keys(json.body)).to.deep.equal(['error', 'error_description']);
    const password = await post(server.url, '{"grant_type":"password"}', {
      'content-type': 'application/json',
      authorization: BASIC_CLIENT,
    });
    expect(password.body.error_description).to.equal(json.body.error_description);
  });

  it('writes an audit event with the request id of the partner', async () => {
    const id = `audited ${Date.now()}`;
    const code = await newCode();
    await exchange(server.url, code, { request_id: id, mobile_number: encrypted('0899999999') });
    await exchange(server.url, code, { request_id: id });
    const rows = await server.database
      .knex('audit')
      .whereRaw(`details->>'request_id' = ?`, [id])
      .orderBy('id')
      .select('event', 'client_id', 'account_id', 'details');
    expect(rows.map(({ event, details }) => [event, details.result])).to.deep.equal([
      ['exchange.refused', '104'],
      ['exchange.succeeded', '000'],
    ]);
    expect(rows[1]).to.include({ client_id: PARTNER.id });
    expect(rows[1]?.account_id).to.be.a('number');
  });
});
