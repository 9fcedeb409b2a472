import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { type SignInThrottle, signInThrottle } from '../../../src/domain/rate-limits/sign-in-throttle.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const PER_ACCOUNT = 4;
const PER_ADDRESS = 6;
const IN_TOTAL = 8;

describe('tries at second factors and passkeys', () => {
  let domain: EmptyDomain;
  let throttle: SignInThrottle;
  let accountId: number;
  let home: string;

  /** A random address, in a network of its own. */
  const anywhere = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  beforeEach(async () => {
    await domain.empty();
    const counters = databaseCounters({ db: domain.database.knex });
    throttle = signInThrottle({
      knownOrigins: domain.knownOrigins,
      accountCounters: counters,
      addressCounters: counters,
      limits: {
        ...domain.config.attempts,
        perAccount: PER_ACCOUNT,
        perAddress: PER_ADDRESS,
        inTotal: IN_TOTAL,
      },
      onAlert: () => {},
    });
    const { id } = await domain.lifecycle.create({
      password: 'tall-green-mountain-7',
      contacts: [{ kind: 'email', value: 'owner@example.com', verified: true }],
    });
    accountId = id;
    home = anywhere();
    await domain.knownOrigins.rememberIn(id, { address: home }, (parts) =>
      throttle
        .reserve({ accountId: id, identifier: '' }, { address: home })
        .then((one) => one.refundWith(parts)),
    );
  });

  const factor = (address = home) => codeOf(throttle.reserveSecondFactor(accountId, { address }));
  const passkey = (address: string, browser = 'b') => codeOf(throttle.reservePasskey(browser, { address }));
  const typed = (identifier: string) =>
    codeOf(throttle.reserve({ accountId: undefined, identifier }, { address: anywhere() }));
  const times = async (count: number, one: () => Promise<string>): Promise<string[]> => {
    const codes: string[] = [];
    for (let time = 0; time < count; time += 1) codes.push(await one());
    return codes;
  };

  it('of an account are limited across all networks', async () => {
    expect(new Set(await times(PER_ACCOUNT, () => factor(anywhere())))).to.deep.equal(new Set(['none']));
    expect(await factor()).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('are not counted with an identifier that spells the name of their counter', async () => {
    for (const identifier of [`second factor ${accountId}`, `account ${accountId}`, 'passkey b'])
      await times(PER_ACCOUNT, () => typed(identifier));
    await domain.database.knex('counters').where('count', '>=', IN_TOTAL).delete();
    expect(await factor()).to.equal('none');
    expect(await passkey(anywhere())).to.equal('none');
  });

  it('from a known network are possible while the limit of the deployment is reached', async () => {
    await Promise.all(Array.from({ length: IN_TOTAL }, (_, index) => typed(`person-${index}`)));
    expect(await factor()).to.equal('none');
    expect(await factor(anywhere())).to.equal('TOO_MANY_ATTEMPTS');
    expect(await passkey(anywhere())).to.equal('none');
  });

  it('count once for their address', async () => {
    await times(PER_ACCOUNT - 1, () => factor());
    expect(await times(PER_ADDRESS - PER_ACCOUNT + 1, () => passkey(home))).to.not.include(
      'TOO_MANY_ATTEMPTS',
    );
    expect(await passkey(home, 'c')).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('that are refused count for nothing', async () => {
    await times(PER_ADDRESS, () => typed('x'));
    await times(PER_ACCOUNT, () => factor(anywhere()));
    expect(await times(PER_ACCOUNT, () => factor())).to.deep.equal(
      Array(PER_ACCOUNT).fill('TOO_MANY_ATTEMPTS'),
    );
    // those of the password, at the place that is known
    const password = () => codeOf(throttle.reserve({ accountId, identifier: '' }, { address: home }));
    expect(await times(PER_ACCOUNT, password)).to.deep.equal(Array(PER_ACCOUNT).fill('none'));
  });

  it('are refunded with one call', async () => {
    for (let time = 0; time < 2 * PER_ADDRESS; time += 1) {
      const { refund } = await throttle.reserveSecondFactor(accountId, { address: home });
      await refund();
    }
    expect(await factor()).to.equal('none');
  });
});
