import { expect } from 'chai';
import { records } from '../../src/domain/records/unit-of-work.ts';
import { boundBody } from '../../src/http/body.ts';
import { postToGet } from '../../src/oidc/post-to-get.ts';
import { serveAll, stopAll } from '../http/serve.ts';
import { testDatabase } from '../support/database.ts';

const LONG = `client_id=spa&state=${'x'.repeat(2100)}&resource=a&resource=b`;

describe('a posted authorization request', () => {
  let now = new Date();

  afterEach(stopAll);

  /** The middleware before something that answers with the query that it finds. */
  async function start() {
    const { url } = await serveAll(
      async (ctx, next) => {
        await boundBody(ctx, 65_536);
        return next();
      },
      postToGet({ records: records(await testDatabase()), clock: { now: () => now } }),
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
