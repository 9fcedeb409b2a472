import { createHash, randomInt } from 'node:crypto';
import { expect } from 'chai';
import type { Config } from '../../../src/config/config.ts';
import type { Database, Db } from '../../../src/db/database.ts';
import { transaction } from '../../../src/db/transaction.ts';
import { databaseCounters } from '../../../src/domain/attempts/counters.ts';
import type { Message } from '../../../src/domain/messages/message.ts';
import type { Outbox } from '../../../src/domain/messages/outbox.ts';
import { conversions } from '../../../src/domain/one-time-codes/one-time-code-store.ts';
import { oneTimeCodes } from '../../../src/domain/one-time-codes/one-time-codes.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { moveClock } from '../../support/clock.ts';
import { testConfig } from '../../support/config.ts';
import { testDatabase } from '../../support/database.ts';
import { codeOf } from '../empty-domain.ts';

type CodeMessage = Extract<Message, { kind: 'code-register' }>;

const KEY = Buffer.alloc(32, 1);
const NEWER_KEY = Buffer.alloc(32, 2);

const digits = (count: number): string => String(randomInt(10 ** count)).padStart(count, '0');
/** A number that nobody has, away from those that other tests have codes sent to. */
const newMobile = (): string => `+669${digits(8)}`;
const newAddress = (): string =>
  `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;

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
      settings: { ...settings, ...changes },
      onAlert: (limit) => alerts.push(limit),
    });

  /** Has a code sent: the code. */
  async function codeFor(mobile: string, from = codes()): Promise<string> {
    await from.request({ mobile, locale: 'en', asker: { address: newAddress() } });
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

  it('outlive a change of the key, and are of no use under another one', async () => {
    const mobile = newMobile();
    const code = await codeFor(mobile);
    const rotated = codes({ keys: [NEWER_KEY, KEY] });
    expect((await rotated.check(mobile, code, 'register')).numberTaken).to.equal(false);
    const foreign = codes({ keys: [NEWER_KEY] });
    expect(await codeOf(foreign.check(mobile, code, 'register'))).to.equal('CODE_WRONG');
  });

  it('are used up by one of many', async () => {
    const mobile = newMobile();
    const one = codes();
    const right = await one.check(mobile, await codeFor(mobile, one), 'register');
    const uses = await Promise.all(
      Array.from({ length: 10 }, () => codeOf(transaction(db, (tx) => one.use(tx, right)))),
    );
    expect(uses.sort()).to.deep.equal([...Array(9).fill('CODE_WRONG'), 'none']);
  });

  it('live on when what they were for fails', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    const right = await one.check(mobile, code, 'register');
    const failing = transaction(db, async (tx) => {
      await one.use(tx, right);
      throw new Error('no account after all');
    });
    expect(await codeOf(failing)).to.contain('no account after all');
    expect(await codeOf(one.check(mobile, code, 'register'))).to.equal('none');
  });

  it('cannot be used after they were checked and then replaced or expired', async () => {
    for (const seconds of [61, settings.lifetime + 1]) {
      const mobile = newMobile();
      const one = codes();
      const right = await one.check(mobile, await codeFor(mobile, one), 'register');
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
    expect(await codeOf(codes().check(mobile, code, 'register'))).to.equal('none');
  });

  it('give back the try that was right, and count the others', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let time = 0; time < 4; time += 1)
      expect(await codeOf(one.check(mobile, wrong, 'register'))).to.equal('CODE_WRONG');
    for (let time = 0; time < 6; time += 1)
      expect(await codeOf(one.check(mobile, code, 'register'))).to.equal('none');
    expect(await codeOf(one.check(mobile, wrong, 'register'))).to.equal('CODE_WRONG');
    expect(await codeOf(one.check(mobile, code, 'register'))).to.equal('CODE_WRONG');
  });

  it('never take what is no code for one', async () => {
    const mobile = newMobile();
    const one = codes({ triesPerCode: 100, wrongPerHour: 100 });
    const code = await codeFor(mobile, one);
    for (const typed of ['', ' ', code.slice(1), `0${code}`, `${code}\0`, '๑๒๓๔๕๖', 'ก'.repeat(999)])
      expect(await codeOf(one.check(mobile, typed, 'register')), typed).to.equal('CODE_WRONG');
  });

  it('lose no try to what cannot be a code', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    for (let time = 0; time < 20; time += 1)
      expect(await codeOf(one.check(mobile, time % 2 ? '12345' : 'abcdef', 'register'))).to.equal(
        'CODE_WRONG',
      );
    expect(await codeOf(one.check(mobile, code, 'register'))).to.equal('none');
  });

  it('are the same in every spelling', async () => {
    const mobile = newMobile();
    const one = codes();
    const code = await codeFor(mobile, one);
    const thai = code.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0e50 + Number(digit)));
    for (const typed of [`${code} `, `${code.slice(0, 3)}\u00a0${code.slice(3)}`, [...code].join('-'), thai])
      expect(await codeOf(one.check(mobile, typed, 'register')), typed).to.equal('none');
  });

  it('raise an alert past what the deployment sends, and take nothing from the number', async () => {
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
