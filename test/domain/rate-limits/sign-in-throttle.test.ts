import { randomBytes, randomInt } from 'node:crypto';
import { expect } from 'chai';
import { knownOrigins } from '../../../src/domain/known-origins/known-origins.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { moveClock } from '../../support/clock.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { fullBulkhead, hashesIn, signingIn } from './signing-in.ts';

const MOBILE = '0811111111';
const EMAIL = 'owner@example.com';
const PASSWORD = 'tall-green-mountain-7';
const LIMIT = 10;

describe('tries at a password', () => {
  let domain: EmptyDomain;
  let card: string;
  let accountId: number;

  /** Counters of addresses may outlive the run in Redis, so every test uses its own networks. */
  const network = (): string => `10.${randomInt(256)}.${randomInt(256)}`;
  let home: string;
  let abroad: string;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(async () => {
    await domain.empty();
    home = network();
    abroad = network();
    const account = await domain.lifecycle.create({
      password: PASSWORD,
      contacts: [
        { kind: 'mobile', value: MOBILE, verified: true },
        { kind: 'email', value: EMAIL, verified: true },
      ],
    });
    accountId = account.id;
    card = `0001${String(account.card?.id).padStart(12, '0')}`;
  });

  after(() => domain.leave());

  const attempt = (identifier: string, password: string, address = `${abroad}.1`, device?: string) =>
    domain.passwordAuthenticator.verify({ identifier, password, origin: { address, device } });

  async function guess(times: number, identifier: string, address?: string, device?: string): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      expect(await codeOf(attempt(identifier, `wrong-${time}`, address, device))).to.equal(
        'INVALID_CREDENTIALS',
      );
    }
  }

  it('are counted for the account, under whichever name', async () => {
    await guess(6, MOBILE);
    await guess(4, EMAIL.toUpperCase());
    const refused = (await attempt('+66811111111', PASSWORD).catch((error: unknown) => error)) as AppError;
    expect(refused.code).to.equal('TOO_MANY_ATTEMPTS');
    expect(refused.retryAfter).to.be.within(1, 900);
    expect(await codeOf(attempt(EMAIL, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('by card number close the card number, and tell nothing about the account', async () => {
    const grouped = card.replace(/.{4}(?=.)/g, '$& ');
    await guess(LIMIT - 1, card);
    await guess(1, grouped);
    expect(await codeOf(attempt(card, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    // all of the account's own attempts are left
    await guess(LIMIT - 1, MOBILE);
    expect(await codeOf(attempt(EMAIL, PASSWORD))).to.equal('none');
    // nor can strangers lock it for a place from which its owner has signed in
    await attempt(MOBILE, PASSWORD, `${home}.1`);
    expect(await codeOf(attempt(card, PASSWORD, `${home}.1`))).to.equal('none');
  });

  it('that close an account leave its card number open', async () => {
    await guess(LIMIT, MOBILE);
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(attempt(card, 'wrong'))).to.equal('INVALID_CREDENTIALS');
    expect(await codeOf(attempt(card, PASSWORD))).to.equal('none');
  });

  it('fill nothing past the limit: one refusal is noted in a window', async () => {
    const noted = async (): Promise<number> =>
      Number((await domain.database.knex('audit').where({ event: 'sign_in.refused' }).count())[0]?.count);
    await guess(LIMIT, MOBILE);
    const before = await noted();
    for (let time = 0; time < 5; time += 1)
      expect(await codeOf(attempt(MOBILE, 'wrong'))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await noted()).to.equal(before + 1);
  });

  it('are counted with the guesses at the current password', async () => {
    const origin = { address: `${abroad}.1`, device: undefined };
    const confirm = (password: string) =>
      domain.reauthentication.confirmPassword({
        accountId,
        password,
        required: true,
        field: 'password',
        origin,
      });
    await guess(LIMIT - 1, MOBILE);
    expect(await codeOf(confirm(PASSWORD))).to.equal('none');
    expect(await codeOf(confirm('wrong'))).to.equal('PASSWORD_WRONG');
    expect(await codeOf(confirm(PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('are counted the same for an unregistered name', async () => {
    await guess(5, '0899999999');
    await guess(5, '+66 89 999 9999');
    expect(await codeOf(attempt('0899999999', PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    await guess(LIMIT, 'Nobody@example.com');
    expect(await codeOf(attempt('nobody@EXAMPLE.com', PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('none');
  });

  it('of strangers leave the network that the owner signed in from alone', async () => {
    await attempt(MOBILE, PASSWORD, `${home}.1`);
    await guess(LIMIT, MOBILE);
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(attempt(MOBILE, PASSWORD, `${home}.77`))).to.equal('none');
    await guess(LIMIT, EMAIL, `${home}.78`);
    expect(await codeOf(attempt(MOBILE, PASSWORD, `${home}.1`))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('of strangers do not affect the owner’s device, for thirty days', async () => {
    const device = 'a'.repeat(22);
    await attempt(MOBILE, PASSWORD, `${home}.1`, device);
    await guess(LIMIT, MOBILE);
    expect(await codeOf(attempt(MOBILE, PASSWORD, `${abroad}.2`, device))).to.equal('none');
    await moveClock(domain.database, 31 * 86_400);
    await guess(LIMIT, MOBILE);
    expect(await codeOf(attempt(MOBILE, PASSWORD, `${abroad}.2`, device))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('of a stranger with a device of another account count as a stranger’s', async () => {
    const device = 'b'.repeat(22);
    const other = 'other@example.com';
    await domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: other, verified: true }],
    });
    await attempt(other, PASSWORD, `${home}.1`, device);
    await guess(LIMIT, MOBILE);
    expect(await codeOf(attempt(MOBILE, PASSWORD, `${home}.1`, device))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await codeOf(attempt(other, PASSWORD, `${abroad}.1`, device))).to.equal('none');
  });

  it('that were not checked do not count', async () => {
    const { full, open } = fullBulkhead();
    const busy = signingIn(domain, { hasher: hashesIn(full) });
    const origin = { address: `${abroad}.1` };
    for (let time = 0; time < LIMIT + 1; time += 1) {
      const guessed = busy.verify({ identifier: MOBILE, password: 'wrong', origin });
      expect(await codeOf(guessed)).to.equal('UNAVAILABLE');
      expect(await codeOf(busy.isCurrent({ accountId, password: 'wrong', origin }))).to.equal('UNAVAILABLE');
    }
    await open();
    await guess(LIMIT, MOBILE);
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('that were right do not count either when that could not be recorded', async () => {
    const rememberIn = () => Promise.reject(new AppError('UNAVAILABLE', { retryAfter: 1 }));
    const failing = signingIn({ ...domain, knownOrigins: { ...domain.knownOrigins, rememberIn } });
    for (let time = 0; time < LIMIT + 1; time += 1) {
      const right = failing.verify({
        identifier: MOBILE,
        password: PASSWORD,
        origin: { address: `${abroad}.1` },
      });
      expect(await codeOf(right)).to.equal('UNAVAILABLE');
    }
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('none');
  });

  it('leave no success behind when the place cannot be recorded', async () => {
    const onNew = () => Promise.reject(new AppError('UNAVAILABLE', { retryAfter: 1 }));
    const telling = knownOrigins({
      db: domain.database.knex,
      digest: () => randomBytes(32),
      days: 30,
      onNew,
    });
    const written: unknown[] = [];
    const write = async (parts: unknown) => void written.push(parts);
    const origin = { address: `${abroad}.1`, device: 'c'.repeat(22) };
    expect(await codeOf(telling.rememberIn(accountId, origin, write))).to.equal('UNAVAILABLE');
    expect(written).to.deep.equal([]);
  });

  it('come back when the window is over', async () => {
    await guess(LIMIT, MOBILE);
    await moveClock(domain.database, 840);
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('TOO_MANY_ATTEMPTS');
    await moveClock(domain.database, 61);
    await guess(LIMIT - 1, MOBILE);
    expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('none');
  });

  it('are given back when the password was right', async () => {
    for (let time = 0; time < LIMIT + 5; time += 1) {
      expect(await codeOf(attempt(MOBILE, PASSWORD))).to.equal('none');
    }
  });

  it('from one address are a hundred in an hour, at whatever accounts', async () => {
    for (let at = 0; at < 100; at += 10) {
      const names = Array.from({ length: 10 }, (_, index) => `person-${at + index}@example.com`);
      const codes = await Promise.all(names.map((name) => codeOf(attempt(name, 'wrong'))));
      expect(new Set(codes)).to.deep.equal(new Set(['INVALID_CREDENTIALS']));
    }
    const refused = (await attempt(MOBILE, PASSWORD).catch((error: unknown) => error)) as AppError;
    expect(refused.code).to.equal('TOO_MANY_ATTEMPTS');
    expect(refused.retryAfter).to.be.within(1, 900);
    expect(await codeOf(attempt(MOBILE, PASSWORD, `${home}.1`))).to.equal('none');
  });

  it('from the addresses of one IPv6 network, or of one IPv4 address in another spelling, count together', async () => {
    const site = randomInt(65_536).toString(16);
    const sixth = (host: string): string => `2001:db8:${site}:7::${host}`;
    const { verify } = signingIn(domain, { limits: { perAddress: 3 } });
    const from = (address: string, identifier = 'nobody@example.com') =>
      codeOf(verify({ identifier, password: 'wrong', origin: { address } }));
    for (const host of ['1', '2', 'ffff:3']) expect(await from(sixth(host))).to.equal('INVALID_CREDENTIALS');
    expect(await from(sixth('4'))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await from(`2001:db8:${site}:8::1`)).to.equal('INVALID_CREDENTIALS');
    for (const spelling of ['', '::ffff:', '::FFFF:'])
      expect(await from(`${spelling}${abroad}.9`, EMAIL)).to.equal('INVALID_CREDENTIALS');
    expect(await from(`${abroad}.9`, EMAIL)).to.equal('TOO_MANY_ATTEMPTS');
    expect(await from(`${abroad}.10`, EMAIL)).to.equal('INVALID_CREDENTIALS');
  });

  it('never exceed the limit when they are simultaneous', async () => {
    const codes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => codeOf(attempt(MOBILE, `wrong-${index}`))),
    );
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).to.have.length(LIMIT);
    expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).to.have.length(40 - LIMIT);
  });
});
