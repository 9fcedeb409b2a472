import { expect } from 'chai';
import { createClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { tokensFor } from '../../support/code-flow.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { bearer, customersClient } from '../customers/customers-client.ts';
import { newPartner, partnersClient, searchHeaders } from './partners-client.ts';

const YEAR = 366 * 86_400;

describe('Customers API: who looked an account up', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;
  let partners: ReturnType<typeof partnersClient>;

  before(async () => {
    server = await startServer({ partners: { searchesPerMinute: 1000 } });
    api = customersClient(server);
    partners = partnersClient(server);
  });
  after(() => server.stop());

  const lookupsOf = async (headers: Record<string, string>) => {
    const { status, body } = await api.call('GET', '/customers/self/lookups', { headers });
    expect(status).to.equal(200);
    return body.lookups;
  };

  it('is told to its owner, newest first, and to nobody else', async () => {
    const { mobile, email, bearer: owner } = await api.customer();
    const { bearer: stranger } = await api.customer();
    expect(await lookupsOf(owner)).to.deep.equal([]);
    const first = await newPartner(server, { client_name: 'First' });
    const second = await newPartner(server);
    await partners.search({ ...searchHeaders(first, mobile), 'X-Purpose': 'money transfer' });
    await partners.search(searchHeaders(first, email));
    await moveClock(server.database, 5);
    await partners.search(searchHeaders(second, mobile));
    await server.domain.clients.remove(second.id);
    const [newest, oldest, ...others] = await lookupsOf(owner);
    // the e-mail is listed but not verified: a lookup does not find it
    expect(others).to.deep.equal([]);
    expect(newest).to.include({ client_id: second.id, client_name: null, purpose: null, found: true });
    expect(oldest).to.deep.equal({
      at: oldest.at,
      client_id: first.id,
      client_name: 'First',
      purpose: 'money transfer',
      found: true,
    });
    expect(Date.parse(newest.at) - Date.parse(oldest.at)).to.be.at.least(5000);
    expect(await lookupsOf(stranger)).to.deep.equal([]);
  });

  it('is told a hundred times, and for twelve months', async () => {
    const { id, mobile, bearer: owner, password } = await api.customer();
    const partner = await newPartner(server);
    await server.database.knex.raw(
      `insert into audit (event, account_id, client_id, details, at)
       select 'account.looked_up', ?, ?, '{"purpose":null,"found":true}', pratu_now() - make_interval(days => n)
       from generate_series(300, 420) n`,
      [id, partner.id],
    );
    const year = await lookupsOf(owner);
    expect(year.length).to.be.within(65, 67);
    for (let index = 0; index < 40; index += 1) await partners.search(searchHeaders(partner, mobile));
    const newest = await lookupsOf(owner);
    expect(newest.length).to.equal(100);
    const times = newest.map(({ at }: { at: string }) => Date.parse(at));
    expect(times).to.deep.equal([...times].sort((a, b) => b - a));
    await moveClock(server.database, YEAR);
    expect(await lookupsOf(bearer(await api.token(mobile, password)))).to.deep.equal([]);
  });

  it('needs a token of a first-party app', async () => {
    for (const authorization of ['', 'Bearer unknown']) {
      const answer = await api.call('GET', '/customers/self/lookups', { headers: { authorization } });
      expect(answer.status).to.equal(401);
    }
    const { access_token } = await tokensFor(server, await createClient(server), {});
    const weak = await api.call('GET', '/customers/self/lookups', { headers: bearer(access_token) });
    expect(weak.status).to.equal(403);
    const slash = await api.customer();
    const answer = await api.call('GET', '/customers/self/lookups/', { headers: slash.bearer });
    expect(answer.status).to.equal(200);
  });
});
