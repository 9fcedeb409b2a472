import { expect } from 'chai';
import { contacts } from '../../../src/domain/contacts/contacts.ts';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT, SOMCHAI, tokensByPassword } from '../../support/sign-in.ts';
import {
  accountHeaders,
  e164,
  type Headers,
  newMobile,
  newPartner,
  outcomeOf,
  type Partner,
  partnersClient,
  partnerToken,
} from './partners-client.ts';

const PASSWORD = 'correct-horse-battery';

describe('Partners API: account information', () => {
  let server: TestServer;
  let api: ReturnType<typeof partnersClient>;
  let partner: Partner;

  before(async () => {
    server = await testServer();
    api = partnersClient(server);
    partner = await newPartner(server);
  });

  /** A new account that has signed in at the partner. */
  async function signedIn(who: Partner = partner) {
    const mobile = newMobile();
    const { id } = await server.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [
        { kind: 'mobile', value: mobile, verified: true },
        { kind: 'email', value: `p${mobile}@Example.com`, verified: false },
      ],
    });
    const token = await partnerToken(server, who, { login: mobile, password: PASSWORD });
    return { id, mobile, token, headers: accountHeaders(who, token) };
  }

  async function refused(id: number | string, headers: Headers): Promise<void> {
    expect(outcomeOf(await api.account(id, headers)), String(id)).to.deep.equal([401, 40103]);
  }

  it('has contacts, bindings, and times in seconds', async () => {
    const { id, mobile, headers } = await signedIn();
    await server.domain.bindings.set(id, { provider: 'truemoney', externalId: `tmn.${id}`, status: '1' });
    await server.domain.bindings.set(id, { provider: 'line', externalId: `line.${id}`, status: '2' });
    const { status, body, headers: answered } = await api.account(id, headers);
    expect(status).to.equal(200);
    expect(answered['content-type']).to.equal('application/json; charset=utf-8');
    expect(answered['cache-control']).to.equal('no-store');
    expect(body).to.include({ code: 10001, message: 'Success', platform_module: 1504 });
    const { data } = body;
    expect(data).to.have.all.keys('mobile', 'email', 'verified', 'bindings', 'contacts', 'reg_date');
    expect(data).to.include({ mobile: e164(mobile), email: `p${mobile}@example.com`, verified: true });
    const now = Date.now() / 1000;
    for (const time of [data.reg_date, data.contacts[0].added_date, data.bindings.line.created_at])
      expect(Number(time)).to.be.within(now - 60, now + 60);
    const { truemoney, line } = data.bindings;
    expect(truemoney).to.have.all.keys('tmn_id', 'created_at', 'updated_at', 'status');
    expect(truemoney).to.include({ tmn_id: `tmn.${id}`, status: '1' });
    expect(line).to.have.all.keys('external_id', 'created_at', 'updated_at', 'status');
    expect(line).to.include({ external_id: `line.${id}`, status: '2' });
    const [byMobile, byEmail] = data.contacts;
    expect(byMobile).to.include({
      type: 'mobile',
      identifier: e164(mobile),
      verified: true,
      preferred: true,
    });
    expect(byMobile.last_verified).to.equal(byMobile.added_date);
    expect(byEmail).to.include({ type: 'email', verified: false, last_verified: null });
  });

  it('shows the verified mobile, and prefers it, when an unverified one was listed after it', async () => {
    const { id, mobile, headers } = await signedIn();
    const { database } = server;
    const strangers = newMobile();
    await contacts({ db: database.knex }).list(id, { kind: 'mobile', value: strangers });
    const { data } = (await api.account(id, headers)).body;
    expect(data).to.include({ mobile: e164(mobile), verified: true });
    const listed = data.contacts.filter(({ type }: { type: string }) => type === 'mobile');
    expect(
      listed.map(({ identifier, verified, preferred }: Record<string, unknown>) => [
        identifier,
        verified,
        preferred,
      ]),
    ).to.deep.equal([
      [e164(mobile), true, true],
      [e164(strangers), false, false],
    ]);
  });

  it('says that nothing is verified beside contacts that are not', async () => {
    const { id, mobile, headers } = await signedIn();
    await server.database
      .knex('contacts')
      .where({ account_id: id, kind: 'mobile' })
      .update({ verified_at: null });
    const { data } = (await api.account(id, headers)).body;
    expect(data).to.include({ mobile: e164(mobile), email: `p${mobile}@example.com`, verified: false });
  });

  it('is returned for no account but the token’s own, whether another exists or not', async () => {
    const { id, headers } = await signedIn();
    const other = await signedIn();
    for (const wrong of [other.id, 10 ** 15, '99999999999999999999', `${id}.0`, `0${id}`, `${id}e0`])
      await refused(wrong, headers);
    for (const wrong of ['abc', '-1', '0', `${id}x`, '%E0%B8%81', '1.5'])
      expect(outcomeOf(await api.account(wrong, headers)), wrong).to.deep.equal([400, 40001]);
  });

  it('needs an opaque access token that was given to this client', async () => {
    const { id, headers } = await signedIn();
    const elsewhere = await newPartner(server);
    const theirs = await signedIn(elsewhere);
    await refused(theirs.id, { ...headers, access_token: theirs.token });
    const { access_token, id_token } = await tokensByPassword(server.url, { scope: 'openid global' });
    const somchai = await server.domain.contacts.owner('mobile', e164(SOMCHAI.login));
    await refused(String(somchai), { ...headers, access_token });
    for (const wrong of ['unknown', id_token, 'a'.repeat(4096)])
      await refused(id, { ...headers, access_token: wrong });
  });

  it('ends with the token: revoked, expired, suspended, deleted', async () => {
    const revoked = await signedIn();
    await fetch(`${server.url}/oauth/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${partner.id}:${partner.secret}`)}` },
      body: new URLSearchParams({ token: revoked.token }),
    });
    await refused(revoked.id, revoked.headers);
    const suspended = await signedIn();
    await server.domain.lifecycle.suspend(suspended.id);
    await refused(suspended.id, suspended.headers);
    const deleted = await signedIn();
    await server.domain.lifecycle.remove(deleted.id);
    await refused(deleted.id, deleted.headers);
    const over = await signedIn();
    expect((await api.account(over.id, over.headers)).status).to.equal(200);
    await moveClock(server.database, 3601);
    await refused(over.id, over.headers);
  });

  it('is not returned as a page, whatever a browser accepts, nor are errors before the API gets the request', async () => {
    const answer = await api.account(1, { accept: 'text/html' });
    expect(outcomeOf(answer)).to.deep.equal([400, 40001]);
    expect((await api.account(1, { authorization: BASIC_CLIENT })).body.platform_module).to.equal(1504);
    const nul = await api.verify({}, '?mobile=%00');
    expect(outcomeOf(nul)).to.deep.equal([400, 40001]);
    expect(nul.body.platform_module).to.equal(1510);
  });
});
