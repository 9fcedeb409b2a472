import { expect } from 'chai';
import { atBoth, type Processes, twoProcesses } from '../../concurrency/processes.ts';
import { eventually } from '../../support/eventually.ts';
import { newMobile, newPartner, type Partner, partnersClient, searchHeaders } from './partners-client.ts';

const QUOTA = 20;

describe('Partners API: two processes over one database', () => {
  let both: Processes;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses(`partners:\n  searchesPerMinute: ${QUOTA}\n`);
  });
  after(() => both.end());

  const ask = async (url: string, partner: Pick<Partner, 'id' | 'secret'>, mobile = newMobile()) =>
    (await partnersClient({ url }).search(searchHeaders(partner, mobile))).status;

  it('share the quota of a client', async () => {
    const partner = await newPartner(both.server);
    const statuses = await atBoth(both, 50, (url) => ask(url, partner));
    expect(statuses.sort()).to.deep.equal([...Array(QUOTA).fill(200), ...Array(30).fill(429)]);
  });

  it('know a new secret at once, and forget one that is removed', async () => {
    const partner = await newPartner(both.server);
    for (const url of [both.a, both.b]) expect(await ask(url, partner)).to.equal(200);
    const secret = await both.server.domain.clients.rotateSecret(partner.id, 3600);
    for (const url of [both.a, both.b]) {
      expect(await ask(url, { id: partner.id, secret })).to.equal(200);
      expect(await ask(url, partner)).to.equal(200);
    }
    await both.server.domain.clients.rotateSecret(partner.id, 0, { secret: 'newest' });
    for (const url of [both.a, both.b])
      await eventually(async () => expect(await ask(url, partner)).to.equal(401));
    await both.server.domain.clients.remove(partner.id);
    for (const url of [both.a, both.b])
      await eventually(async () =>
        expect(await ask(url, { id: partner.id, secret: 'newest' })).to.equal(401),
      );
  });

  it('tell each other when an account was last used', async () => {
    const mobile = newMobile();
    await both.server.domain.lifecycle.create({
      password: 'correct-horse-battery',
      contacts: [{ kind: 'mobile', value: mobile, verified: true }],
    });
    await fetch(`${both.a}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({
        grant_type: 'password',
        username: mobile,
        password: 'correct-horse-battery',
      }),
    });
    await eventually(async () => {
      // a new partner each time, as each has a quota
      const headers = searchHeaders(await newPartner(both.server), mobile);
      const { body } = await partnersClient({ url: both.b }).search(headers, '?last_access_flag=app');
      expect(body.data?.[0].last_access.app).to.be.a('string');
    });
  });
});
