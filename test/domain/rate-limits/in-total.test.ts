import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import type { PasswordAuthenticator } from '../../../src/domain/authenticators/password/password.ts';
import type { AppError } from '../../../src/errors/app-error.ts';
import { moveClock } from '../../support/clock.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { signingIn } from './signing-in.ts';

const PASSWORD = 'tall-green-mountain-7';
const EMAIL = 'owner@example.com';
const IN_TOTAL = 20;
const WINDOW_SECONDS = 60;

describe('tries at passwords in the whole deployment', () => {
  let domain: EmptyDomain;
  let alerts: number;
  let verify: PasswordAuthenticator['verify'];

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(async () => {
    await domain.empty();
    alerts = 0;
    const limits = { inTotal: IN_TOTAL, totalWindowSeconds: WINDOW_SECONDS };
    const onAlert = (): void => {
      alerts += 1;
    };
    ({ verify } = signingIn(domain, { limits, onAlert }));
    await domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: EMAIL, verified: true }],
    });
  });

  after(() => domain.leave());

  /** A random address. */
  const anywhere = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  const attempt = (identifier: string, password: string, address = anywhere(), device?: string) =>
    verify({ identifier, password, origin: { address, device } });
  /** Makes one guess at each of `count` names of other accounts, each from its own address. */
  const spray = (count: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, (_, index) => codeOf(attempt(`person-${index}@example.com`, 'wrong'))),
    );

  it('are limited in total, however many are simultaneous and from any address', async () => {
    const codes = await spray(IN_TOTAL * 4);
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).to.have.length(IN_TOTAL);
    expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).to.have.length(IN_TOTAL * 3);
    expect(alerts).to.equal(IN_TOTAL * 3);
  });

  it('leave those alone who signed in from the device or network before', async () => {
    const home = anywhere();
    const device = 'd'.repeat(22);
    await attempt(EMAIL, PASSWORD, home, device);
    await spray(IN_TOTAL);
    expect(await codeOf(attempt(EMAIL, PASSWORD, home))).to.equal('none');
    expect(await codeOf(attempt(EMAIL, PASSWORD, anywhere(), device))).to.equal('none');
    expect(alerts).to.equal(0);
    expect(await codeOf(attempt(EMAIL, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    // a device of one account is unknown to every other account, and to unregistered names
    expect(await codeOf(attempt('person-1@example.com', PASSWORD, home, device))).to.equal(
      'TOO_MANY_ATTEMPTS',
    );
    expect(alerts).to.equal(2);
  });

  it('come back when the window is over, which the refusal tells', async () => {
    await spray(IN_TOTAL);
    const refused = (await attempt(EMAIL, PASSWORD).catch((error: unknown) => error)) as AppError;
    expect(refused.code).to.equal('TOO_MANY_ATTEMPTS');
    expect(refused.retryAfter).to.be.within(1, WINDOW_SECONDS);
    await moveClock(domain.database, WINDOW_SECONDS + 1);
    expect(await codeOf(attempt(EMAIL, PASSWORD))).to.equal('none');
  });

  it('are not used up by right passwords, nor those of an account by what is refused here', async () => {
    for (let time = 0; time < IN_TOTAL * 2; time += 1)
      expect(await codeOf(attempt(EMAIL, PASSWORD))).to.equal('none');
    await spray(IN_TOTAL);
    const limit = domain.config.attempts.perAccount;
    for (let time = 0; time < limit; time += 1)
      expect(await codeOf(attempt(EMAIL, 'wrong'))).to.equal('TOO_MANY_ATTEMPTS');
    await moveClock(domain.database, WINDOW_SECONDS + 1);
    expect(await codeOf(attempt(EMAIL, 'wrong'))).to.equal('INVALID_CREDENTIALS');
    expect(await codeOf(attempt(EMAIL, PASSWORD))).to.equal('none');
  });
});
