import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import type { Database } from '../../../src/db/database.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { boundBody } from '../../../src/http/body.ts';
import { postToGet } from '../../../src/oidc/edge/post-to-get.ts';
import { records } from '../../../src/storage/unit-of-work.ts';
import { serveAll, stopAll } from '../../http/serve.ts';
import { testDatabase } from '../../support/database.ts';

const LONG = `client_id=spa&state=${'x'.repeat(2100)}&resource=a&resource=b`;

describe('a posted authorization request', () => {
  let now = new Date();
  let database: Database;
  let address: string;

  before(async () => {
    database = await testDatabase();
  });
  beforeEach(() => {
    address = `2001:db8:${randomInt(65_536).toString(16)}::1`;
  });
  afterEach(stopAll);

  /** The middleware before a handler that responds with the query that it receives. */
  async function start() {
    const { url } = await serveAll(
      async (ctx, next) => {
        await boundBody(ctx, 65_536);
        return next();
      },
      postToGet({
        records: records(database),
        clock: { now: () => now },
        clients: { find: async (id) => (id === 'spa' ? {} : undefined) },
        counters: databaseCounters({ db: database.knex }),
        refusals: { ofLimits: (_refusal, _about, work) => work() },
        addressOf: () => address,
      }),
      (ctx) => {
        ctx.body = `found ${ctx.querystring}`;
      },
    );
    return {
      get: (path: string) => fetch(url + path),
      post: (path: string, body: string, type = 'application/x-www-form-urlencoded') =>
        fetch(url + path, { method: 'POST', body, redirect: 'manual', headers: { 'content-type': type } }),
    };
  }

  const locationOf = (answer: Response): string => answer.headers.get('location') ?? '';

  for (const path of ['/oauth/authorize', '/oauth/logout']) {
    it(`at ${path} is sent to the same by GET, byte for byte`, async () => {
      const { post } = await start();
      const body = 'client_id=spa&state=a%20b+c%26&scope=openid';
      const answer = await post(path, body);
      expect([answer.status, locationOf(answer)]).to.deep.equal([303, `${path}?${body}`]);
    });

    it(`at ${path} that is long comes back as it was, for a minute`, async () => {
      const { post, get } = await start();
      const next = locationOf(await post(path, LONG));
      expect(next).to.match(new RegExp(`^${path}\\?posted_request=[\\w-]{43}$`));
      for (let turn = 0; turn < 2; turn += 1)
        expect(await (await get(next)).text()).to.equal(`found ${LONG}`);
      now = new Date(now.getTime() + 60_000);
      expect((await get(next)).status).to.equal(400);
    });
  }

  const keptForms = async (): Promise<number> =>
    Number((await database.knex('records').where({ kind: 'PostedRequest' }).count({ n: '*' }))[0]?.n);

  it('that is long is not kept for an unknown client', async () => {
    const { post } = await start();
    const before = await keptForms();
    for (const [client, query] of [
      ['client_id=no+body', 'client_id=no+body'],
      [`client_id=${'y'.repeat(3000)}`, `client_id=${'y'.repeat(256)}`],
      ['', 'client_id='],
    ]) {
      const answer = await post('/oauth/authorize', `${client}&state=${'x'.repeat(2100)}`);
      expect([answer.status, locationOf(answer)]).to.deep.equal([303, `/oauth/authorize?${query}`]);
    }
    expect(await keptForms()).to.equal(before);
  });

  it('that is long is kept a hundred times a minute for one address', async () => {
    const { post } = await start();
    const before = await keptForms();
    const path = (index: number): string => (index % 2 ? '/oauth/authorize' : '/oauth/logout');
    const statuses: number[] = [];
    for (let index = 0; index < 102; index += 1) statuses.push((await post(path(index), LONG)).status);
    expect(statuses).to.deep.equal([...Array(100).fill(303), 429, 429]);
    expect(await keptForms()).to.equal(before + 100);
    expect((await post('/oauth/authorize', 'client_id=spa')).status).to.equal(303);
    address = '192.0.2.1';
    expect((await post('/oauth/authorize', LONG)).status).to.equal(303);
  });

  it('at any other path is let through', async () => {
    const { post, get } = await start();
    for (const path of ['/oauth/token', '/oauth/authorize/uid', '/oauth/logout/confirm']) {
      expect(await (await post(path, LONG)).text()).to.equal('found ');
      expect(await (await get(`${path}?posted_request=x`)).text()).to.equal('found posted_request=x');
    }
  });

  it('that was never posted is refused', async () => {
    const { get } = await start();
    expect((await get('/oauth/authorize?posted_request=')).status).to.equal(400);
    expect((await get('/oauth/authorize?posted_request=nothing')).status).to.equal(400);
  });

  it('of another type is refused', async () => {
    const { post } = await start();
    expect((await post('/oauth/authorize', '{}', 'application/json')).status).to.equal(415);
  });
});
