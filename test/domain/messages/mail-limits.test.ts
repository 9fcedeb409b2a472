import { expect } from 'chai';
import type { Database } from '../../../src/db/database.ts';
import type { MailMessage, Message } from '../../../src/domain/messages/message.ts';
import { type Outbox, type OutboxDeps, outbox } from '../../../src/domain/messages/outbox.ts';
import { templates } from '../../../src/domain/messages/templates.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { moveClock } from '../../support/clock.ts';
import { emptyTables, ownDatabase } from '../../support/database.ts';
import { TEMPLATE_SETTINGS } from '../../support/template-settings.ts';

const mail: MailMessage = {
  channel: 'mail',
  kind: 'signed-out-everywhere',
  to: 'somchai@example.com',
  locale: 'en',
  values: {},
  lifetimeSeconds: 3600,
};
const sms: Message = { ...mail, channel: 'sms', to: '+66812345678' };

describe('limits of mails to one address', () => {
  let database: Database;
  before(async () => {
    database = await ownDatabase();
  });
  beforeEach(() => emptyTables(database));

  const opened = (settings: Partial<OutboxDeps> = {}): Outbox =>
    outbox({
      db: database.knex,
      keyring: keyring([Buffer.alloc(32, 1)]),
      digest: keyring([Buffer.alloc(32, 1)]).digest,
      templates: templates(TEMPLATE_SETTINGS),
      clock: systemClock,
      counters: databaseCounters({ db: database.knex }),
      channels: new Set(['mail', 'sms', 'logout']),
      retainContent: false,
      limits: { perAddressHour: 3, perAddressDay: 10 },
      maxAttempts: 3,
      ...settings,
    });

  const addAll = async (messages: Message[]): Promise<string[]> => {
    const results: string[] = [];
    for (const message of messages) results.push(await opened().add(message));
    return results;
  };

  it('are 3 of one kind an hour, however the address is spelt', async () => {
    const spellings = [mail.to, 'SOMCHAI@example.com', 'Somchai@EXAMPLE.com', mail.to];
    expect(await addAll(spellings.map((to) => ({ ...mail, to })))).to.deep.equal([
      'added',
      'added',
      'added',
      'dropped',
    ]);
    expect(
      await addAll([
        { ...mail, kind: 'password-changed' },
        { ...mail, to: 'b@example.com' },
      ]),
    ).to.deep.equal(['added', 'added']);
    await moveClock(database, 3601);
    expect(await addAll([mail])).to.deep.equal(['added']);
  });

  it('are 10 a day over all kinds', async () => {
    const add = (settings: { perAddressHour: number; perAddressDay: number }) =>
      opened({ limits: settings }).add(mail);
    const limits = { perAddressHour: 100, perAddressDay: 2 };
    expect([await add(limits), await add(limits), await add(limits)]).to.deep.equal([
      'added',
      'added',
      'dropped',
    ]);
    await moveClock(database, 3601);
    expect(await add(limits)).to.equal('dropped');
    await moveClock(database, 24 * 3600);
    expect(await add(limits)).to.equal('added');
  });

  it('have a share for networks that have not asked today', async () => {
    const from = (askedFrom: string): Promise<string> => opened().add({ ...mail, askedFrom });
    // all addresses of a network count as one stranger
    for (const [host, expected] of ['added', 'added', 'dropped', 'dropped'].entries())
      expect(await from(`203.0.113.${host}`)).to.equal(expected);
    expect(await from('2001:db8:1:1::1')).to.equal('added');
    expect(await from('2001:db8:1:1::2')).to.equal('dropped');
    // a network that got no mail still counts as new in the next hour
    expect(await from('192.0.2.1')).to.equal('dropped');
    for (let hour = 0; hour < 5; hour += 1) {
      await moveClock(database, 3601);
      for (let time = 0; time < 3; time += 1) await from('203.0.113.1');
    }
    await moveClock(database, 3601);
    expect(await from('203.0.113.1')).to.equal('dropped');
    expect(await from('192.0.2.1')).to.equal('added');
    expect(await from('192.0.2.1')).to.equal('dropped');
    expect(await from('198.51.100.1')).to.equal('added');
  });

  it('have that share for each kind', async () => {
    const from = (askedFrom: string, kind: 'signed-out-everywhere' | 'contacts-changed'): Promise<string> =>
      opened().add({ ...mail, kind, askedFrom });
    await from('192.0.2.1', 'signed-out-everywhere');
    for (let time = 0; time < 3; time += 1) await from('203.0.113.1', 'contacts-changed');
    expect(await from('192.0.2.1', 'contacts-changed')).to.equal('added');
  });

  it('let everybody have the one of a deployment that sends one an hour', async () => {
    const limits = { perAddressHour: 1, perAddressDay: 2 };
    const ask = () => opened({ limits }).add({ ...mail, askedFrom: '203.0.113.1' });
    expect([await ask(), await ask()]).to.deep.equal(['added', 'dropped']);
    await moveClock(database, 3601);
    expect(await ask()).to.equal('dropped');
    await moveClock(database, 24 * 3600);
    expect(await ask()).to.equal('added');
  });

  it('do not apply to SMS and logouts', async () => {
    expect(await addAll(Array(5).fill(sms))).to.deep.equal(Array(5).fill('added'));
  });
});
