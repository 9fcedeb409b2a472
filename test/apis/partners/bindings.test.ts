import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import {
  accountHeaders,
  newMobile,
  newPartner,
  outcomeOf,
  type Partner,
  partnersClient,
  partnerToken,
} from './partners-client.ts';

const PASSWORD = 'correct-horse-battery';

describe('Partners API: bindings', () => {
  let server: TestServer;
  let api: ReturnType<typeof partnersClient>;
  let partner: Partner;

  before(async () => {
    server = await testServer();
    api = partnersClient(server);
    partner = await newPartner(server, { bindings: ['truemoney', 'line', 'facebook'] });
  });

  async function signedIn() {
    const mobile = newMobile();
    const { id } = await server.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'mobile', value: mobile, verified: true }],
    });
    const token = await partnerToken(server, partner, { login: mobile, password: PASSWORD });
    return { id, headers: accountHeaders(partner, token) };
  }

  const events = (id: number) =>
    server.database
      .knex('audit')
      .where({ account_id: id })
      .where('event', 'like', 'binding.%')
      .orderBy('id')
      .select('event', 'client_id', 'details');

  it('are set, changed and removed, and answered with the account', async () => {
    const { id, headers } = await signedIn();
    const [first, second] = [randomUUID(), randomUUID()];
    const made = await api.bind(id, 'truemoney', headers, { external_id: first, status: '1' });
    expect(outcomeOf(made)).to.deep.equal([200, 10001]);
    expect(made.body.platform_module).to.equal(1504);
    const { created_at } = made.body.data.bindings.truemoney;
    expect(made.body.data.bindings.truemoney).to.deep.equal({
      tmn_id: first,
      status: '1',
      created_at,
      updated_at: created_at,
    });
    await moveClock(server.database, 10);
    const changed = await api.bind(id, 'truemoney', headers, { external_id: second, status: '0' });
    const { truemoney } = changed.body.data.bindings;
    expect(truemoney).to.include({ tmn_id: second, status: '0', created_at });
    expect(Number(truemoney.updated_at)).to.be.at.least(Number(created_at) + 10);
    const removed = await api.unbind(id, 'truemoney', headers);
    expect(outcomeOf(removed)).to.deep.equal([200, 10001]);
    expect(removed.body.data.bindings).to.deep.equal({});
    expect(outcomeOf(await api.unbind(id, 'truemoney', headers))).to.deep.equal([200, 10001]);
    const details = { provider: 'truemoney' };
    expect(await events(id)).to.deep.equal([
      { event: 'binding.set', client_id: partner.id, details },
      { event: 'binding.set', client_id: partner.id, details },
      { event: 'binding.removed', client_id: partner.id, details },
    ]);
  });

  it('are linked when nothing is said of their status', async () => {
    const { id, headers } = await signedIn();
    const { body } = await api.bind(id, 'line', headers, { external_id: randomUUID() });
    expect(body.data.bindings.line.status).to.equal('1');
  });

  it('take only what is documented', async () => {
    const { id, headers } = await signedIn();
    const right = { external_id: 'x', status: '1' };
    const wrong: Record<string, unknown> = {
      'no body': '',
      'no object': '[]',
      null: 'null',
      'broken JSON': '{',
      'no external id': { status: '1' },
      'an empty external id': { ...right, external_id: '' },
      'a number': { ...right, external_id: 1 },
      'a list': { ...right, external_id: ['x'] },
      'an object': { ...right, external_id: { a: 'x' } },
      'null in it': { ...right, external_id: null },
      'too long': { ...right, external_id: 'x'.repeat(101) },
      'not ASCII': { ...right, external_id: 'ก' },
      NUL: '{"external_id":"a\\u0000","status":"1"}',
      'half a surrogate pair': '{"external_id":"\\ud800","status":"1"}',
      'a control character': { ...right, external_id: 'a\nb' },
      'a status that is a number': { ...right, status: 1 },
      'an empty status': { ...right, status: '' },
      'a long status': { ...right, status: '1'.repeat(21) },
    };
    for (const [what, body] of Object.entries(wrong)) {
      const answer = await api.bind(id, 'line', headers, body);
      expect(outcomeOf(answer), what).to.deep.equal([400, 40001]);
    }
    const missing = await api.bind(id, 'line', headers, { status: '1' });
    expect(missing.body.message).to.include('external_id');
    expect(outcomeOf(await api.bind('abc', 'line', headers, right))).to.deep.equal([400, 40001]);
    const large = await api.bind(id, 'line', headers, { ...right, more: 'x'.repeat(70_000) });
    expect(outcomeOf(large)).to.deep.equal([413, 41301]);
    const doubled = await fetch(`${server.url}/accounts/${id}/bindings/line`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"external_id":"one","external_id":"two"}',
    });
    expect(doubled.status).to.equal(400);
    expect(await doubled.json())
      .to.include({ code: 40001 })
      .and.property('message')
      .include('external_id');
    const form = await api.bind(id, 'line', { ...headers, 'content-type': 'text/plain' }, 'external_id=x');
    expect(outcomeOf(form)).to.deep.equal([415, 41501]);
    expect((await api.account(id, headers)).body.data.bindings).to.deep.equal({});
    const longest = { external_id: `~${' '.repeat(98)}!`, status: '1' };
    expect((await api.bind(id, 'line', headers, longest)).status).to.equal(200);
    expect((await api.unbind(id, 'line', headers)).status).to.equal(200);
  });

  it('are those that the registration lists, and never one that signs people in', async () => {
    const { id, headers } = await signedIn();
    for (const provider of ['shopee', 'facebook', 'TrueMoney', '__proto__', '%25']) {
      const answer = await api.bind(id, provider, headers, { external_id: 'x', status: '1' });
      expect(outcomeOf(answer), provider).to.deep.equal([403, 40301]);
      expect(outcomeOf(await api.unbind(id, provider, headers)), provider).to.deep.equal([403, 40301]);
    }
  });

  it('are of the token’s own account only', async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    const answer = await api.bind(theirs.id, 'line', mine.headers, { external_id: 'x', status: '1' });
    expect(outcomeOf(answer)).to.deep.equal([401, 40103]);
    expect(outcomeOf(await api.unbind(theirs.id, 'line', mine.headers))).to.deep.equal([401, 40103]);
  });

  it('have an external ID for one account only, also with simultaneous requests', async () => {
    const accounts = [await signedIn(), await signedIn(), await signedIn()];
    const external_id = randomUUID();
    const answers = await Promise.all(
      accounts.map(({ id, headers }) => api.bind(id, 'line', headers, { external_id, status: '1' })),
    );
    expect(answers.map(outcomeOf).sort()).to.deep.equal([
      [200, 10001],
      [409, 40901],
      [409, 40901],
    ]);
    const loser = answers.find(({ status }) => status === 409);
    // the response contains no account ID: its numbers are those of all such responses
    expect(loser?.body).to.have.all.keys('code', 'message', 'platform_module');
    expect(loser?.body).to.include({ code: 40901, platform_module: 1504 });
    expect(loser?.body.message).to.not.match(/\d/);
  });
});
