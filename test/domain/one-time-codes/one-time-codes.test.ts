import { createHash, randomBytes, randomInt } from 'node:crypto';
import { expect } from 'chai';
import type { Config } from '../../../src/config/config.ts';
import type { Database, Db } from '../../../src/db/database.ts';
import { transaction } from '../../../src/db/transaction.ts';
import type { Message } from '../../../src/domain/messages/message.ts';
import type { Outbox } from '../../../src/domain/messages/outbox.ts';
import { conversions, replaceCode } from '../../../src/domain/one-time-codes/one-time-code-store.ts';
import { type CodeGuess, oneTimeCodes } from '../../../src/domain/one-time-codes/one-time-codes.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { moveClock } from '../../support/clock.ts';
import { testConfig } from '../../support/config.ts';
import { testDatabase } from '../../support/database.ts';
import { codeOf } from '../empty-domain.ts';

type CodeMessage = Extract<Message, { kind: 'code-register' }>;

const KEY = Buffer.alloc(32, 1);
const NEWER_KEY = Buffer.alloc(32, 2);

const digits = (count: number): string => String(randomInt(10 ** count)).padStart(count, '0');
/** An unregistered number, outside the range that other tests send codes to. */
const newMobile = (): string => `+669${digits(8)}`;
const newAddress = (): string =>
  `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;

/** The address of a stranger, far from the addresses that request codes. */
const STRANGER = '203.0.113.5';

/** The address from which the account of every number has signed in. */
const HOME = '198.51.100.77';

const guess = (mobile: string, code: string, address = STRANGER): CodeGuess => ({
  mobile,
  code,
  purpose: 'register',
  origin: { address },
});

const otherThan = (code: string): string => (code === '000000' ? '000001' : '000000');

describe('one-time codes', () => {
  let database: Database;
  let db: Db;
  let settings: Config['oneTimeCodes'];
  let sent: Message[];
  let alerts: string[];

  before(async () => {
    database = await testDatabase();
    db = database.knex;
    settings = { ...(await testConfig()).oneTimeCodes, globalPerHour: 100_000 };
  });

  beforeEach(() => {
    sent = [];
    alerts = [];
  });

  const notingOutbox = (): Outbox =>
    ({ add: async (message: Message) => void sent.push(message) }) as unknown as Outbox;

  const codes = ({ keys = [KEY], outbox = notingOutbox, ...changes }: Record<string, unknown> = {}) =>
    oneTimeCodes({
      db,
      keyring: keyring(keys as Buffer[]),
      counters: databaseCounters({ db }),
      outbox: outbox as () => Outbox,
      knownOrigins: { isKnown: async (_account, { address }) => address === HOME },
      refusals: { noteError: async () => {}, ofLimits: (_refusal, _about, work) => work() },
      channels: new Set(['sms']),
      settings: { ...settings, ...changes },
      onAlert: (limit) => alerts.push(limit),
    });

  /** Requests a code and returns it. */
  async function codeFor(mobile: string, from = codes(), address = newAddress()): Promise<string> {
    await from.request({ mobile, locale: 'en', asker: { address } });
    return (sent.at(-1) as CodeMessage).values.code;
  }

  it('are stored as keyed hashes only', async () => {
    const mobile = newMobile();
    const code = await codeFor(mobile);
    const row = await db('one_time_codes').where({ mobile }).first();
    const stored = JSON.stringify({ ...row, mobile: '', digest: row.digest.toString('hex') });
    expect(stored).to.not.contain(code);
    const plain = createHash('sha256').update(`${mobile} ${code}`).digest();
    expect(row.digest.equals(plain)).to.equal(false);
  });

  it('outlive a change of the key, and are useless under another one', async () => {
    const mobile = newMobile();
    const code = await codeFor(mobile);
    const rotated = codes({ keys: [NEWER_KEY, KEY] });
    expect((await rotated.check(guess(mobile, code))).numberTaken).to.equal(false);
    const foreign = codes({ keys: [NEWER_KEY] });
    expect(await codeOf(foreign.check(guess(mobile, code)))).to.equal('CODE_WRONG');
  });

  it('are used up by one of many', async () => {
    const mobile = newMobile();
    const one = codes();
    const right = await one.check(guess(mobile, await codeFor(mobile, one)));
    const uses = await Promise.all(
      Array.from({ length: 10 }, () => codeOf(transaction(db, (tx) => one.use(tx, right)))),
    );
    expect(uses.sort()).to.deep.equal([...Array(9).fill('CODE_WRONG'), 'none']);
  });

  it('replace one another at the same moment, and one is left', async () => {
    for (let round = 0; round < 5; round += 1) {
      const mobile = newMobile();
      const code = () => ({
        ...{ mobile, prefix: null, purposes: [], browser: null, lifetime: 300 },
        ...{ digest: randomBytes(32), network: randomBytes(8) },
      });
      await Promise.all(Array.from({ length: 3 }, () => transaction(db, (tx) => replaceCode(tx, code()))));
      const rows = await db('one_time_codes').where({ mobile }).select('replaced_at');
      expect(rows).to.have.length(3);
      expect(rows.filter(({ replaced_at }) => replaced_at === null)).to.have.length(1);
    }
  });

  it('remain valid when the operation that they are for fails', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    const right = await one.check(guess(mobile, code));
    const failing = transaction(db, async (tx) => {
      await one.use(tx, right);
      throw new Error('no account after all');
    });
    expect(await codeOf(failing)).to.contain('no account after all');
    expect(await codeOf(one.check(guess(mobile, code)))).to.equal('none');
  });

  it('cannot be used after they were checked and then replaced or expired', async () => {
    for (const seconds of [61, settings.lifetime + 1]) {
      const mobile = newMobile();
      const one = codes();
      const right = await one.check(guess(mobile, await codeFor(mobile, one)));
      await moveClock(database, seconds);
      if (seconds < settings.lifetime) await codeFor(mobile, one);
      expect(await codeOf(transaction(db, (tx) => one.use(tx, right)))).to.equal('CODE_WRONG');
    }
  });

  it('leave the older one alone when the message could not be kept', async () => {
    const mobile = newMobile();
    const code = await codeFor(mobile);
    await moveClock(database, 61);
    const full = () => ({ add: () => Promise.reject(new Error('full')) }) as unknown as Outbox;
    const asker = { address: newAddress() };
    const request = codes({ outbox: full }).request({ mobile, locale: 'en', asker });
    expect(await codeOf(request)).to.contain('full');
    expect(await codeOf(codes().check(guess(mobile, code)))).to.equal('none');
  });

  it('give back a correct attempt, and count the others', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    const wrong = otherThan(code);
    for (let time = 0; time < 4; time += 1)
      expect(await codeOf(one.check(guess(mobile, wrong)))).to.equal('CODE_WRONG');
    for (let time = 0; time < 6; time += 1)
      expect(await codeOf(one.check(guess(mobile, code)))).to.equal('none');
    expect(await codeOf(one.check(guess(mobile, wrong)))).to.equal('CODE_WRONG');
    expect(await codeOf(one.check(guess(mobile, code)))).to.equal('CODE_WRONG');
  });

  it('keep attempts for the requesting network, whatever strangers guess', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one, '192.0.2.10');
    for (let time = 0; time < settings.triesPerCode; time += 1)
      expect(await codeOf(one.check(guess(mobile, otherThan(code))))).to.equal('CODE_WRONG');
    expect(await codeOf(one.check(guess(mobile, code)))).to.equal('CODE_WRONG');
    expect(await codeOf(one.check(guess(mobile, code, '192.0.2.99')))).to.equal('none');
    for (let time = 0; time < settings.triesPerCode; time += 1)
      expect(await codeOf(one.check(guess(mobile, otherThan(code), '192.0.2.10')))).to.equal('CODE_WRONG');
    expect(await codeOf(one.check(guess(mobile, code, '192.0.2.99')))).to.equal('CODE_WRONG');
  });

  it('keep attempts for places that signed in to the account, even when a stranger requested the code', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one, STRANGER);
    for (const address of [STRANGER, '192.0.2.1'])
      for (let time = 0; time < settings.triesPerCode; time += 1)
        expect(await codeOf(one.check(guess(mobile, otherThan(code), address)))).to.equal('CODE_WRONG');
    expect(await codeOf(one.check(guess(mobile, code, HOME)))).to.equal('none');
  });

  it('count an hour’s wrong ones of a number apart for those who asked and for strangers', async () => {
    const mobile = newMobile();
    const one = codes({ triesPerCode: 100 });
    const code = await codeFor(mobile, one, '2001:db8:5:6::1');
    for (const address of [STRANGER, '2001:db8:5:6::2', HOME]) {
      expect(await codeOf(one.check(guess(mobile, code, address)))).to.equal('none');
      for (let time = 0; time < settings.wrongPerHour; time += 1)
        expect(await codeOf(one.check(guess(mobile, otherThan(code), address)))).to.equal('CODE_WRONG');
      expect(await codeOf(one.check(guess(mobile, code, address)))).to.equal('TOO_MANY_ATTEMPTS');
    }
  });

  it('never take what is no code for one', async () => {
    const mobile = newMobile();
    const one = codes({ triesPerCode: 100, wrongPerHour: 100 });
    const code = await codeFor(mobile, one);
    for (const typed of ['', ' ', code.slice(1), `0${code}`, `${code}\0`, '๑๒๓๔๕๖', 'ก'.repeat(999)])
      expect(await codeOf(one.check(guess(mobile, typed))), typed).to.equal('CODE_WRONG');
  });

  it('lose no try to what cannot be a code', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    for (let time = 0; time < 20; time += 1)
      expect(await codeOf(one.check(guess(mobile, time % 2 ? '12345' : 'abcdef')))).to.equal('CODE_WRONG');
    expect(await codeOf(one.check(guess(mobile, code)))).to.equal('none');
  });

  it('are the same in every spelling', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    const thai = code.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0e50 + Number(digit)));
    for (const typed of [`${code} `, `${code.slice(0, 3)}\u00a0${code.slice(3)}`, [...code].join('-'), thai])
      expect(await codeOf(one.check(guess(mobile, typed))), typed).to.equal('none');
  });

  it('raise an alert past the limit of the deployment, and take nothing from the number', async () => {
    const mobile = newMobile();
    await codeFor(newMobile());
    expect(await codeOf(codeFor(mobile, codes({ globalPerHour: 1 })))).to.equal('UNAVAILABLE');
    expect(alerts).to.deep.equal(['global']);
    expect(await codeFor(mobile)).to.match(/^\d{6}$/);
  });

  it('raise an alert when a prefix collapses', async () => {
    const prefix = newMobile().slice(0, -4);
    const one = codes({ conversionSends: 2, conversionLeast: 0.5 });
    for (const last of ['0001', '0002', '0003']) await codeFor(`${prefix}${last}`, one);
    await moveClock(database, settings.lifetime + 1);
    expect(await codeOf(codeFor(`${prefix}0004`, one))).to.equal('TOO_MANY_ATTEMPTS');
    expect(alerts).to.deep.equal(['conversion']);
    const found = await conversions(db, 2, settings.lifetime);
    expect(found.find((conversion) => conversion.prefix === prefix)).to.deep.equal({
      prefix,
      sent: 3,
      used: 0,
    });
  });
});
