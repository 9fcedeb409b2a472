import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { newContacts, somebody, type Visitor } from '../../pages/account/visitor.ts';
import { initialAccessToken, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Asked, ask, CIBA, cibaClient, poll, requestsOn, SETTINGS } from './backchannel-steps.ts';

const PAGE = '/account/approvals';

describe('backchannel authentication: who may know what', () => {
  let server: TestServer;
  let client: TestClient;
  let person: Visitor;

  before(async () => {
    server = await startServer({ ciba: { ...SETTINGS, personPerHour: 3 } });
    client = await cibaClient(server);
  });
  after(() => server.stop());
  beforeEach(async () => {
    person = await somebody(server);
  });

  const shapeOf = ({ status, body }: Asked) => ({ status, ...body, auth_req_id: body.auth_req_id.length });
  const waitingFor = (id: number) => server.domain.approvals.waiting(id);

  it('responds alike for an unknown person, until the request expires', async () => {
    const known = await ask(server, client, { login_hint: person.email });
    for (const login_hint of ['nobody@example.com', '0899999999', 'no identifier at all']) {
      const unknown = await ask(server, client, { login_hint });
      expect(shapeOf(unknown)).to.deep.equal(shapeOf(known));
      expect((await poll(server, client, unknown)).body.error).to.equal('authorization_pending');
    }
    const last = await ask(server, client, { login_hint: 'other@example.com', requested_expiry: '20' });
    await moveClock(server.database, 21);
    expect((await poll(server, client, last)).body.error).to.equal('expired_token');
    const sent = await server.domain.outbox.list({ to: 'nobody@example.com', limit: 5 });
    expect(sent).to.deep.equal([]);
  });

  it('gives an unverified address no power, and sends nothing to it', async () => {
    const { email, mobile } = newContacts();
    const { id } = await server.domain.lifecycle.create({
      contacts: [
        { kind: 'mobile', value: mobile, verified: true },
        { kind: 'email', value: email, verified: false },
      ],
    });
    expect((await ask(server, client, { login_hint: email })).status).to.equal(200);
    expect(await waitingFor(id)).to.deep.equal([]);
    expect((await ask(server, client, { login_hint: mobile })).status).to.equal(200);
    expect(await waitingFor(id)).to.have.length(1);
    expect(await server.domain.outbox.list({ to: email, limit: 5 })).to.deep.equal([]);
    const [sms] = await server.domain.outbox.list({ to: `+66${mobile.slice(1)}`, limit: 5 });
    expect(sms).to.include({ channel: 'sms' });
    expect(sms?.text).to.include(PAGE);
  });

  it('limits what a client may ask of one person, known or not', async () => {
    for (const login_hint of [person.email, 'nobody-else@example.com']) {
      for (let count = 0; count < 3; count += 1)
        expect((await ask(server, client, { login_hint })).status).to.equal(200);
      const { status, headers, body } = await ask(server, client, { login_hint });
      expect({ status, error: body.error }).to.deep.equal({ status: 429, error: 'temporarily_unavailable' });
      expect(Number(headers.get('retry-after'))).to.be.within(3000, 3600);
    }
  });

  it('keeps neither the hint nor the tokens of a ping readable', async () => {
    const pinged = await cibaClient(server, {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'https://till.example.com/ping',
    });
    const token = 'a-token-of-the-client';
    const asked = await ask(server, pinged, { login_hint: person.email, client_notification_token: token });
    const [row] = await waitingFor(person.id);
    const stored = JSON.stringify(row);
    for (const secret of [token, asked.body.auth_req_id, person.email]) expect(stored).not.to.include(secret);
    expect(stored).to.include('ping');
  });

  it('is only for clients that authenticate and that an operator has registered', async () => {
    const open = await cibaClient(server, { token_endpoint_auth_method: 'none' });
    const asked = await fetch(`${server.url}/oauth/backchannel`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: open.id, scope: 'openid', login_hint: person.email }),
    });
    expect([400, 401]).to.include(asked.status);
    expect(await waitingFor(person.id)).to.deep.equal([]);
    const registered = await fetch(`${server.url}/oauth/register`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await initialAccessToken(server)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        grant_types: [CIBA],
        response_types: [],
        redirect_uris: [],
        backchannel_token_delivery_mode: 'poll',
      }),
    });
    expect(registered.status).to.equal(400);
    expect((await registered.json()).error_description).to.include(`must not include ${CIBA}`);
  });

  it('does not let another client poll', async () => {
    const asked = await ask(server, client, { login_hint: person.email });
    const other = await cibaClient(server);
    expect((await poll(server, other, asked)).body.error).to.equal('invalid_grant');
  });

  describe('with a login_hint_token', () => {
    let signed: TestClient;
    let sign: (claims: Record<string, unknown>, seconds?: number) => Promise<string>;

    before(async () => {
      const { publicKey, privateKey } = await generateKeyPair('ES256');
      const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] };
      signed = await cibaClient(server, { jwks });
      sign = (claims, seconds = 60) =>
        new SignJWT({ iss: signed.id, aud: server.url, ...claims })
          .setProtectedHeader({ alg: 'ES256', kid: 'k' })
          .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
          .sign(privateKey);
    });

    const errorOf = async (login_hint_token: string) =>
      (await ask(server, signed, { login_hint_token })).body.error;

    it('finds the subject that the client signed', async () => {
      const email = { sub_id: { format: 'email', email: person.email } };
      expect(await errorOf(await sign(email))).to.equal(undefined);
      const phone = { sub_id: { format: 'phone_number', phone_number: person.mobile } };
      expect(await errorOf(await sign(phone))).to.equal(undefined);
      const subject = { sub_id: { format: 'iss_sub', iss: server.url, sub: String(person.id) } };
      expect(await errorOf(await sign(subject))).to.equal(undefined);
      expect(await waitingFor(person.id)).to.have.length(3);
    });

    it('refuses one that has expired, is of someone else or names no account', async () => {
      const sub_id = { format: 'email', email: person.email };
      expect(await errorOf(await sign({ sub_id }, -60))).to.equal('expired_login_hint_token');
      expect(await errorOf(await sign({ sub_id, iss: 'other' }))).to.equal('invalid_request');
      expect(await errorOf(await sign({ sub_id, aud: 'https://other.example.com' }))).to.equal(
        'invalid_request',
      );
      for (const claims of [{}, { sub_id: null }, { sub_id: 'a' }, { sub_id: 1 }, { sub_id: [null] }])
        expect(await errorOf(await sign(claims)), JSON.stringify(claims)).to.equal('invalid_request');
      expect(await errorOf('no.jwt.atall')).to.equal('invalid_request');
      expect(await waitingFor(person.id)).to.deep.equal([]);
    });
  });

  it('shows nothing of a request for another account', async () => {
    await ask(server, client, { login_hint: person.email });
    const stranger = await somebody(server);
    await stranger.signIn(`${PAGE}?lang=en`);
    expect(requestsOn((await stranger.open(PAGE)).page)).to.deep.equal([]);
  });
});
