import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import {
  e164,
  type Headers,
  newMobile,
  newPartner,
  outcomeOf,
  type Partner,
  partnersClient,
  searchHeaders,
  verifyHeaders,
} from './partners-client.ts';

const PASSWORD = 'correct-horse-battery';

describe('Partners API: search', () => {
  let server: TestServer;
  let api: ReturnType<typeof partnersClient>;
  let partner: Partner;

  before(async () => {
    // its jobs do not run, so anything that is not written during the request would be missing
    server = await startServer({ partners: { searchesPerMinute: 1000 } });
    api = partnersClient(server);
    partner = await newPartner(server);
  });
  after(() => server.stop());

  const newAccount = (more: Parameters<typeof server.domain.lifecycle.create>[0] = {}) =>
    server.domain.lifecycle.create({ password: PASSWORD, ...more });
  const found = async (identifier: string, query = '', more: Headers = {}) => {
    const { status, body } = await api.search({ ...searchHeaders(partner, identifier), ...more }, query);
    expect(status, identifier).to.equal(200);
    return body.data;
  };
  const signIn = (client: string, username: string) =>
    fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(client)}` },
      body: new URLSearchParams({ grant_type: 'password', username, password: PASSWORD }),
    });

  it('finds an account by its mobile or e-mail, however it is spelled', async () => {
    const mobile = newMobile();
    const email = `Som.${mobile}@Example.com`;
    const { id } = await newAccount({
      contacts: [
        { kind: 'mobile', value: mobile, verified: true },
        { kind: 'email', value: email, verified: true },
      ],
    });
    const entry = { uid: String(id), status: '1', register_by: '0' };
    const spellings = [
      mobile,
      e164(mobile),
      e164(mobile).slice(1),
      `${mobile.slice(0, 3)}-${mobile.slice(3, 6)}-${mobile.slice(6)}`,
      email,
      email.toLowerCase(),
      email.toUpperCase(),
    ];
    for (const spelling of spellings) expect(await found(spelling), spelling).to.deep.equal([entry]);
    const { body } = await api.search(searchHeaders(partner, mobile));
    expect(body).to.deep.equal({
      code: 10001,
      message: 'Success',
      platform_module: 1510,
      report_dashboard: 0,
      data: [entry],
    });
  });

  it('finds nothing else: no part, no pattern, nothing that is not proved', async () => {
    const mobile = newMobile();
    const local = `u_${mobile}`;
    await newAccount({
      contacts: [
        { kind: 'mobile', value: mobile, verified: true },
        { kind: 'email', value: `${local}@example.com`, verified: true },
      ],
    });
    const listed = `listed${mobile}@example.com`;
    await newAccount({ contacts: [{ kind: 'email', value: listed, verified: false }] });
    const others = [
      `u%${mobile}@example.com`,
      `ux${mobile}@example.com`,
      `%@example.com`,
      `_${local.slice(1)}@example.com`,
    ];
    for (const other of [...others, listed, newMobile(), `${local}@example.co`])
      expect(await found(other), other).to.deep.equal([]);
    for (const wrong of [
      '%',
      '_',
      '08%',
      '0812',
      '021234567',
      `${mobile}0`,
      'a@b',
      'x',
      "' or 1=1 --",
      `${mobile},${mobile}`,
    ])
      expect(outcomeOf(await api.search(searchHeaders(partner, wrong))), wrong).to.deep.equal([400, 40001]);
  });

  it('tells the status of every account but a deleted one', async () => {
    const mobile = newMobile();
    const contacts = [{ kind: 'mobile' as const, value: mobile, verified: true }];
    const { id } = await newAccount({ contacts, status: 'pending' });
    const status = async () => (await found(mobile)).map((entry: { status: string }) => entry.status);
    expect(await status()).to.deep.equal(['2']);
    await server.domain.lifecycle.activate(id);
    expect(await status()).to.deep.equal(['1']);
    await server.domain.lifecycle.suspend(id);
    expect(await status()).to.deep.equal(['3']);
    await server.domain.lifecycle.remove(id);
    expect(await status()).to.deep.equal([]);
  });

  it('tells the number of the client that registered the account', async () => {
    const numbered = await newPartner(server, { client_id: `named-${Date.now()}`, number: 29 });
    const unnumbered = await newPartner(server, { client_id: `unnamed-${Date.now()}` });
    const by = async (registerClientId: string) => {
      const mobile = newMobile();
      await newAccount({ registerClientId, contacts: [{ kind: 'mobile', value: mobile, verified: true }] });
      return (await found(mobile))[0].register_by;
    };
    expect(await by(numbered.id)).to.equal('29');
    expect(await by(partner.id)).to.equal(partner.id);
    const given = await by(unnumbered.id);
    expect(given).to.match(/^1\d{15}$/);
    expect(await by(unnumbered.id)).to.equal(given);
    await server.domain.clients.remove(unnumbered.id);
    expect(await by(unnumbered.id)).to.equal('0');
    expect(await by('12345')).to.equal('12345');
  });

  it('tells when an account was last used through the channels that are requested', async () => {
    const mobile = newMobile();
    const { id } = await newAccount({ contacts: [{ kind: 'mobile', value: mobile, verified: true }] });
    expect((await found(mobile))[0]).to.have.all.keys('uid', 'status', 'register_by');
    const access = async (flag: string) => (await found(mobile, `?last_access_flag=${flag}`))[0].last_access;
    expect(await access('all')).to.deep.equal({ app: null, web: null, stb: null });
    const answer = await signIn('client:secret', mobile);
    const { access_token } = (await answer.json()) as { access_token: string };
    const { app, ...others } = await access('all');
    expect(Number(app)).to.be.within(Date.now() / 1000 - 60, Date.now() / 1000 + 1);
    expect(others).to.deep.equal({ web: null, stb: null });
    expect(await access('app')).to.deep.equal({ app });
    expect(await access('stb')).to.deep.equal({ stb: null });
    // a request with the token counts as an access as well
    await moveClock(server.database, 120);
    await fetch(`${server.url}/customers`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(Number((await access('app')).app)).to.be.at.least(Number(app) + 120);
    await server.domain.lifecycle.remove(id);
    expect(await server.database.knex('last_accesses').where({ account_id: id })).to.deep.equal([]);
    for (const wrong of [
      '?last_access_flag=',
      '?last_access_flag=tv',
      '?last_access_flag=app&last_access_flag=web',
      '?last_access_flag=ALL',
    ]) {
      const refused = await api.search(searchHeaders(partner, '0812345678'), wrong);
      expect(outcomeOf(refused), wrong).to.deep.equal([400, 40001]);
      expect(refused.body.message).to.include('last_access_flag');
    }
  });

  it('is recorded, with the purpose and without what was searched', async () => {
    const [mobile, nobody] = [newMobile(), newMobile()];
    const { id } = await newAccount({ contacts: [{ kind: 'mobile', value: mobile, verified: true }] });
    await found(mobile, '', { 'X-Purpose': 'money transfer, once' });
    await found(e164(mobile));
    await found(nobody);
    await api.verify(verifyHeaders(partner), `?mobile=${mobile}`);
    const rows = await server.database
      .knex('audit')
      .where({ event: 'account.looked_up', client_id: partner.id })
      .orderBy('id', 'desc')
      .limit(4);
    const [byVerify, missed, bySpelling, first] = rows;
    for (const row of rows) expect(row.request_id).to.be.a('string');
    expect([first, bySpelling, byVerify].map((row) => row.account_id)).to.deep.equal([id, id, id]);
    expect(first.details).to.include({ purpose: 'money transfer, once', found: true });
    expect(bySpelling.details).to.deep.equal({ ...first.details, purpose: null });
    expect(missed).to.include({ account_id: null });
    expect(missed.details).to.include({ found: false });
    expect(missed.details.identifier).not.to.equal(first.details.identifier);
    for (const digits of [mobile, nobody]) expect(JSON.stringify(rows)).not.to.include(digits.slice(1));
    const wrongs = { '201 characters': 'x'.repeat(201), doubled: ['a', 'b'], 'not ASCII': 'é' };
    for (const [what, purpose] of Object.entries(wrongs)) {
      const answer = await api.search({ ...searchHeaders(partner, mobile), 'X-Purpose': purpose });
      expect(outcomeOf(answer), what).to.deep.equal([400, 40001]);
      expect(answer.body.message).to.include('X-Purpose');
    }
  });

  it('has an obsolete form that says what to use instead, also when it refuses', async () => {
    const mobile = newMobile();
    const { id } = await newAccount({ contacts: [{ kind: 'mobile', value: mobile, verified: true }] });
    const right = await api.verify(verifyHeaders(partner), `?mobile=${mobile}`);
    expect(right.body).to.deep.equal({ dataReturn: { uid: String(id), status: '1', register_by_app: '0' } });
    const plus = await api.verify(verifyHeaders(partner), `?mobile=${e164(mobile)}`);
    expect(plus.body).to.deep.equal(right.body);
    const none = await api.verify(verifyHeaders(partner), `?mobile=${newMobile()}`);
    expect(none.status).to.equal(200);
    expect(none.body).to.deep.equal({ dataReturn: null });
    const missing = await api.verify(verifyHeaders(partner), '');
    const stranger = await api.verify({}, `?mobile=${mobile}`);
    for (const answer of [right, none, missing, stranger]) {
      expect(answer.headers).to.include({
        deprecation: '@1767225600',
        sunset: 'Fri, 31 Dec 2027 00:00:00 GMT',
        link: `<${server.url}/accounts>; rel="successor-version"`,
      });
    }
    for (const query of [
      '',
      '?mobile=',
      '?mobile=0812',
      `?mobile=${mobile}&mobile=${mobile}`,
      '?mobile=a@example.com',
      '?mobile=%25',
      `?mobile=${'0'.repeat(9000)}`,
    ]) {
      const answer = await api.verify(verifyHeaders(partner), query);
      expect(outcomeOf(answer), query.slice(0, 50)).to.deep.equal([400, 40001]);
      expect(answer.body.message).to.include('mobile');
      expect(answer.body.platform_module).to.equal(1510);
    }
    expect((await api.search(searchHeaders(partner, mobile))).headers).not.to.have.property('deprecation');
  });
});
