import { expect } from 'chai';
import { AppError } from '../../../src/errors/app-error.ts';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer, testServer } from '../../support/server.ts';
import {
  newMobile,
  newPartner,
  outcomeOf,
  type Partner,
  partnersClient,
  searchHeaders,
  verifyHeaders,
} from './partners-client.ts';

describe('Partners API: quotas', () => {
  let server: TestServer;
  let api: ReturnType<typeof partnersClient>;

  before(async () => {
    server = await startServer({ partners: { searchesPerMinute: 3, searchesPerDay: 5 } });
    api = partnersClient(server);
  });
  after(() => server.stop());

  it('count the searches of one client that had right credentials, by minute and day', async () => {
    const [partner, other] = [await newPartner(server), await newPartner(server)];
    const ask = (who: Partner) => api.search(searchHeaders(who, newMobile()));
    const statuses = async (count: number) => {
      const list: number[] = [];
      for (let index = 0; index < count; index += 1) list.push((await ask(partner)).status);
      return list;
    };
    for (let index = 0; index < 5; index += 1)
      expect((await ask({ ...partner, secret: 'wrong' })).status).to.equal(401);
    expect(await statuses(3)).to.deep.equal([200, 200, 200]);
    const minute = await ask(partner);
    expect(outcomeOf(minute)).to.deep.equal([429, 42901]);
    expect(Number(minute.headers['retry-after'])).to.be.within(1, 60);
    const obsolete = await api.verify(verifyHeaders(partner), '?mobile=0812345678');
    expect(outcomeOf(obsolete)).to.deep.equal([429, 42901]);
    expect((await ask(other)).status).to.equal(200);
    await moveClock(server.database, 61);
    expect(await statuses(3)).to.deep.equal([200, 200, 429]);
    const day = await ask(partner);
    expect(Number(day.headers['retry-after'])).to.be.above(80_000);
    await moveClock(server.database, 86_400);
    expect((await ask(partner)).status).to.equal(200);
  });
});

describe('Partners API: an outage', () => {
  it('is 503 in the form of the API, with the time to come again', async () => {
    const server = await startServer();
    const partner = await newPartner(server);
    server.domain.accountSearch.find = () => Promise.reject(new AppError('UNAVAILABLE', { retryAfter: 2 }));
    const answer = await partnersClient(server).search(searchHeaders(partner, newMobile()));
    expect(outcomeOf(answer)).to.deep.equal([503, 50301]);
    expect(answer.headers['retry-after']).to.equal('2');
    expect(answer.body).to.have.all.keys('code', 'message', 'platform_module');
    server.domain.accountSearch.find = () => Promise.reject(new Error('a bug'));
    const bug = await partnersClient(server).search(searchHeaders(partner, newMobile()));
    expect(outcomeOf(bug)).to.deep.equal([500, 50001]);
    expect(bug.body.message).not.to.include('bug');
    await server.stop();
  });
});

describe('Partners API: the statement of the search', () => {
  it('uses an index of contacts', async () => {
    const { domain, database } = await testServer();
    const { knex } = database;
    const statements: { sql: string; bindings: unknown[] }[] = [];
    const listen = (query: { sql: string; bindings: unknown[] }): void => void statements.push(query);
    knex.on('query', listen);
    await domain.accountSearch.find({
      clientId: 'plan',
      identifier: { kind: 'mobile', key: '+66899999999' },
    });
    knex.removeListener('query', listen);
    const search = statements.find(({ sql }) => sql.includes('from contacts k'));
    const undone = new Error('undone');
    let plan = '';
    const work = knex.transaction(async (tx) => {
      await tx.raw(`insert into accounts (status) select 'active' from generate_series(1, 5000)`);
      await tx.raw(`insert into contacts (account_id, kind, value, key, verified_at)
        select id, 'email', 'plan' || id, 'plan' || id, pratu_now() from accounts where first_name is null`);
      await tx.raw('analyze contacts');
      const { rows } = await tx.raw(
        `explain ${search?.sql.replaceAll(/\$\d/g, '?')}`,
        search?.bindings as string[],
      );
      plan = (rows as Record<string, string>[]).map((row) => row['QUERY PLAN']).join('\n');
      throw undone;
    });
    await work.catch((error: unknown) => expect(error).to.equal(undone));
    expect(plan).to.match(/Index Scan using contacts_(verified|listed) on contacts k/);
    expect(plan).to.match(/Index Cond: \(\(kind = 'mobile'::text\) AND \(key = /);
    expect(plan).not.to.include('Seq Scan on contacts');
  });
});
