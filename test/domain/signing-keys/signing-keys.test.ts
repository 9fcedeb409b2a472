import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const DAY = 86_400;
const SETTINGS = { rotateDays: 90, announceSeconds: 900, retainSeconds: 2 * DAY };

describe('signing keys', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
    await Promise.all([domain.signingKeys.ensure(), domain.signingKeys.ensure()]);
  });

  after(() => domain.leave());

  const states = async (): Promise<string[]> =>
    (await domain.signingKeys.list()).map(({ alg, state }) => `${alg} ${state}`).sort();

  it('are made once by two processes that start together', async () => {
    expect(await states()).to.deep.equal(
      ['ES256', 'PS256', 'RS256'].flatMap((alg) => [`${alg} current`, `${alg} next`]),
    );
  });

  it('change after everybody has seen the next ones, once', async () => {
    const version = async () =>
      (await domain.database.knex('versions').where({ name: 'keys' }).first()).version;
    const before = await version();
    expect(await domain.signingKeys.rotate(900)).to.equal(false);
    expect(await version(), 'of a refused rotation').to.equal(before);
    await moveClock(domain.database, 901);
    const done = await Promise.all([domain.signingKeys.rotate(900), domain.signingKeys.rotate(900)]);
    expect(done.sort()).to.deep.equal([false, true]);
    expect(await states()).to.deep.equal(
      ['ES256', 'PS256', 'RS256'].flatMap((alg) => [`${alg} current`, `${alg} next`, `${alg} previous`]),
    );
  });

  it('rotate by age, and lose their private part when they are removed', async () => {
    await moveClock(domain.database, 91 * DAY);
    await domain.signingKeys.maintain(SETTINGS);
    await moveClock(domain.database, 3 * DAY);
    await domain.signingKeys.maintain(SETTINGS);
    const removed = await domain.database.knex('signing_keys').where({ state: 'removed' });
    expect(removed).to.have.length(6);
    for (const { jwk_sealed: sealed } of removed) expect(sealed).to.have.length(0);
    expect(await domain.signingKeys.published()).to.have.length(6);
  });

  it('of an algorithm that an update adds are made at the start, and those that sign stay', async () => {
    const kids = async () => (await domain.signingKeys.list()).map(({ kid }) => kid);
    const without = domain.database.knex('signing_keys').where({ alg: 'PS256' });
    await without.clone().delete();
    const before = await kids();
    await domain.signingKeys.ensure();
    expect(await kids()).to.include.members(before);
    expect(await states()).to.include.members(['PS256 current', 'PS256 next']);
    // a young key does not delay the rotation of an old one
    await moveClock(domain.database, 180 * DAY);
    await domain.database.knex('signing_keys').where({ alg: 'PS256' }).delete();
    await domain.signingKeys.ensure();
    await moveClock(domain.database, 2 * DAY);
    await domain.signingKeys.maintain(SETTINGS);
    expect(await states()).to.include('RS256 previous');
  });
});
