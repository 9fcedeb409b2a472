import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, signInOnPages } from '../../support/sign-in.ts';

const LIMIT = 5;
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

describe('what one address starts without authentication', () => {
  let server: TestServer;
  let address: string;

  before(async () => {
    server = await startServer({
      attempts: { beginningsPerAddress: LIMIT },
      server: { trustProxy: 1 },
    });
  });
  beforeEach(async () => {
    await forgetCounts(server.database);
    address = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;
  });
  after(() => server.stop());

  const here = (): Record<string, string> => ({ 'x-forwarded-for': address });
  const get = (path: string, agent = new BrowserAgent()): Promise<Response> =>
    agent.request(server.url + path, { headers: here() });
  const authorize = (agent?: BrowserAgent): Promise<Response> =>
    get(authorizationUrl('', pkce().challenge), agent);
  const post = (path: string, fields: Record<string, string>, headers = {}): Promise<Response> =>
    fetch(server.url + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { ...here(), ...headers },
    });

  const rows = async (): Promise<number[]> =>
    Promise.all(
      ['records', 'sessions'].map(async (table) =>
        Number((await server.database.knex(table).count({ n: '*' }))[0]?.n),
      ),
    );

  async function expectRefused(answer: Response): Promise<void> {
    expect(answer.status).to.equal(429);
    expect(Number(answer.headers.get('retry-after'))).to.be.within(3500, 3600);
    expect(answer.headers.getSetCookie()).to.deep.equal([]);
  }

  it('is limited to so many sign-ins an hour, and past them writes nothing', async () => {
    for (let time = 0; time < LIMIT; time += 1) expect((await authorize()).status).to.equal(303);
    const before = await rows();
    const refused = await authorize();
    await expectRefused(refused);
    expect(await refused.text()).to.include('<html');
    expect(await rows()).to.deep.equal(before);
    // requests that write nothing still work
    expect((await get('/oauth/authorize?client_id=nobody')).status).to.equal(400);
    address = '192.0.2.77';
    expect((await authorize()).status).to.equal(303);
    address = '192.0.2.78';
    await moveClock(server.database, 3601);
    expect((await authorize()).status).to.equal(303);
  });

  it('includes anonymous sessions, but not the next request of an existing one', async () => {
    const agent = new BrowserAgent();
    for (let time = 0; time < 10; time += 1) expect((await get('/device', agent)).status).to.equal(200);
    for (let time = 1; time < LIMIT; time += 1)
      expect((await get(time % 2 ? '/device' : '/oauth/logout')).status).to.equal(200);
    const before = await rows();
    await expectRefused(await get('/device'));
    await expectRefused(await get('/oauth/logout'));
    await expectRefused(await authorize());
    expect(await rows()).to.deep.equal(before);
    expect((await get('/device', agent)).status).to.equal(200);
  });

  it('does not include what ends in a sign-in', async () => {
    const url = authorizationUrl(server.url, pkce().challenge, { prompt: 'login' });
    for (let time = 0; time < 2 * LIMIT; time += 1) {
      const back = await signInOnPages(new BrowserAgent(), url);
      expect(back.searchParams.get('code')).to.be.a('string');
    }
  });

  it('includes requests of clients that are not authenticated, and of no others', async () => {
    const grants = { grant_types: ['authorization_code', DEVICE], scope: 'openid profile' };
    const open = await createClient(server, { ...grants, token_endpoint_auth_method: 'none' });
    const known = await createClient(server, grants);
    const authorization = `Basic ${btoa(`${known.id}:${known.secret}`)}`;
    const pushed = {
      response_type: 'code',
      redirect_uri: open.redirectUri,
      scope: 'openid',
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
    };
    for (let time = 0; time < 2 * LIMIT; time += 1) {
      const client_id = known.id;
      const headers = { authorization };
      expect((await post('/oauth/par', { ...pushed, client_id }, headers)).status).to.equal(201);
      expect((await post('/oauth/device', { client_id, scope: 'openid' }, headers)).status).to.equal(200);
    }
    const client_id = open.id;
    for (let time = 0; time < LIMIT; time += 1) {
      const answer = await (time % 2
        ? post('/oauth/par', { ...pushed, client_id })
        : post('/oauth/device', { client_id, scope: 'openid' }));
      expect(answer.status).to.be.oneOf([200, 201]);
    }
    for (const answer of [
      await post('/oauth/par', { ...pushed, client_id }),
      await post('/oauth/device', { client_id, scope: 'openid' }),
    ]) {
      await expectRefused(answer);
      expect(await answer.json()).to.have.property('error', 'temporarily_unavailable');
    }
  });
});
