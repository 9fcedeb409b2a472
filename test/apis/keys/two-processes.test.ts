import { expect } from 'chai';
import { atBoth, type Processes, twoProcesses } from '../../concurrency/processes.ts';
import { type Facebook, facebook } from '../../support/facebook.ts';
import { keyHeader, keysClient, newFacebookUser, PASSWORD } from './keys-client.ts';

describe('Keys API: two processes over one database', () => {
  let both: Processes;
  let graph: Facebook;

  before(async function () {
    this.timeout(60_000);
    graph = await facebook();
    const settings = {
      facebook: graph.settings,
      passwords: { memoryKiB: 256, passes: 1, maxWaitMs: 20_000 },
    };
    both = await twoProcesses(
      Object.entries(settings)
        .map(([slice, values]) => `${slice}: ${JSON.stringify(values)}\n`)
        .join(''),
    );
  });

  after(() => both.end());

  it('make one account of twenty registrations of one Facebook user', async () => {
    const user = newFacebookUser();
    const fb_token = graph.token(user);
    const answers = await atBoth(both, 20, (url) => {
      const api = keysClient({ url });
      return api.register(api.person({ fb_token }));
    });
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, ...Array(19).fill(409)]);
    const { knex } = both.server.database;
    expect(await knex('bindings').where({ provider: 'facebook', external_id: user })).to.have.length(1);
  });

  it('give a device to one account, and know each other’s keys until they end', async () => {
    const [first, second] = [keysClient({ url: both.a }), keysClient({ url: both.b })];
    const { email } = await first.registered();
    const answers = await atBoth(both, 10, (url) =>
      keysClient({ url }).login({ email, password: PASSWORD, gcm_id: 'APA91bHun4MxP5egoKMwt2KZFBaFUH' }),
    );
    const keys = answers.map(({ body }) => body.key as string);
    expect(new Set(keys).size).to.equal(10);
    expect(await both.server.database.knex('devices')).to.have.length(1);
    const [key = ''] = keys;
    expect((await second.user(keyHeader(key))).status).to.equal(200);
    expect((await first.logout(keyHeader(key))).status).to.equal(200);
    expect((await second.user(keyHeader(key))).status).to.equal(401);
  });
});
