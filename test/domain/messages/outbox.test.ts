import { expect } from 'chai';
import type { Database, Db } from '../../../src/db/database.ts';
import type { MailMessage, Message } from '../../../src/domain/messages/message.ts';
import { type Outbox, type OutboxDeps, outbox } from '../../../src/domain/messages/outbox.ts';
import { SendFailure } from '../../../src/domain/messages/send-failure.ts';
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

describe('the outbox', () => {
  let database: Database;
  before(async () => {
    database = await ownDatabase();
  });
  beforeEach(() => emptyTables(database));

  const ring = keyring([Buffer.alloc(32, 1)]);
  const outboxOn = (db: Db, settings: Partial<OutboxDeps> = {}): Outbox =>
    outbox({
      db,
      keyring: ring,
      digest: keyring([Buffer.alloc(32, 1)]).digest,
      templates: templates(TEMPLATE_SETTINGS),
      clock: systemClock,
      counters: databaseCounters({ db }),
      channels: new Set(['mail', 'sms', 'logout']),
      retainContent: false,
      limits: { perAddressHour: 3, perAddressDay: 10 },
      maxAttempts: 3,
      ...settings,
    });
  const opened = (settings?: Partial<OutboxDeps>): Outbox => outboxOn(database.knex, settings);
  const row = () => database.knex('outbox').first();

  describe('adding', () => {
    it('is part of the transaction around it', async () => {
      const failing = database.knex.transaction(async (tx) => {
        await outboxOn(tx).add(mail);
        throw new Error('no');
      });
      expect(await failing.catch((error: Error) => error.message)).to.equal('no');
      expect(await row()).to.equal(undefined);

      await database.knex.transaction((tx) => outboxOn(tx).add(mail));
      expect(await row()).to.include({ channel: 'mail', kind: 'signed-out-everywhere', attempts: 0 });
    });

    it('leaves neither address nor words readable in the row', async () => {
      await opened().add({ ...mail, accountId: 7, dedupeKey: 'one' });
      const { sealed, ...rest } = await row();
      expect(JSON.stringify(rest)).not.to.match(/somchai|signed out/);
      expect(sealed.toString('latin1')).not.to.match(/somchai|signed out/);
    });

    it('does nothing the second time with one dedupe key', async () => {
      const results = await Promise.all(
        [sms, sms, sms].map((message) => opened().add({ ...message, dedupeKey: 'one' })),
      );
      expect(results.sort()).to.deep.equal(['added', 'duplicate', 'duplicate']);
    });

    it('keeps what a logout token needs', async () => {
      await opened().add({
        channel: 'logout',
        kind: 'logout-token',
        clientId: 'spa',
        sub: '7',
        sid: 'x',
        lifetimeSeconds: 60,
      });
      const [due] = await opened().claimDue('logout', 5);
      expect(due?.content()).to.deep.equal({ clientId: 'spa', sub: '7', sid: 'x' });
    });
  });

  describe('claiming', () => {
    it('gives a message to one process at a time', async () => {
      for (let number = 0; number < 6; number += 1) await opened().add(sms);
      const claims = await Promise.all([1, 2, 3].map(() => opened().claimDue('sms', 4)));
      const ids = claims.flat().map(({ id }) => id);
      expect(ids).to.have.length(6);
      expect(new Set(ids)).to.have.property('size', 6);
      for (const claim of claims) expect(claim.length).to.be.at.most(4);
    });

    it('comes again when the process died', async () => {
      await opened().add(sms);
      const [first] = await opened().claimDue('sms', 1);
      await moveClock(database, 30);
      expect(await opened().claimDue('sms', 1)).to.be.empty;
      await moveClock(database, 31);
      const [second] = await opened().claimDue('sms', 1);
      expect(second).to.deep.include({ id: first?.id, attempts: 2 });
    });

    it('is by channel', async () => {
      await opened().add(sms);
      expect(await opened().claimDue('mail', 5)).to.be.empty;
    });

    it('survives a message that no key opens', async () => {
      await opened().add(sms);
      const [due] = await opened({ keyring: keyring([Buffer.alloc(32, 2)]) }).claimDue('sms', 1);
      expect(() => due?.content()).to.throw('SECRET_KEY');
    });
  });

  describe('after a try', () => {
    const claimed = async () => {
      const [due] = await opened().claimDue('sms', 1);
      if (!due) throw new Error('nothing is due');
      return due;
    };

    it('erases what was sent', async () => {
      await opened().add(sms);
      await opened().sent((await claimed()).id);
      const { sealed, sent_at } = await row();
      expect(sealed).to.equal(null);
      expect(sent_at).to.be.instanceOf(Date);
      await moveClock(database, 120);
      expect(await opened().claimDue('sms', 1)).to.be.empty;
    });

    it('retries a failure later, with a short code', async () => {
      await opened().add(sms);
      const outcome = await opened().failed(await claimed(), new SendFailure('HTTP_500'));
      expect(outcome).to.deep.equal({ code: 'HTTP_500', dropped: false });
      expect(await opened().claimDue('sms', 1)).to.be.empty;
      await moveClock(database, 5);
      expect(await claimed()).to.include({ attempts: 2 });
      expect(await row()).to.include({ last_error: 'HTTP_500' });
    });

    it('waits as long as the gateway asked', async () => {
      await opened().add(sms);
      await opened().failed(await claimed(), new SendFailure('HTTP_429', { retryAfter: 300 }));
      await moveClock(database, 240);
      expect(await opened().claimDue('sms', 1)).to.be.empty;
      await moveClock(database, 61);
      expect(await opened().claimDue('sms', 1)).to.have.length(1);
    });

    it('drops and erases after the last attempt', async () => {
      await opened().add(sms);
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        const { dropped } = await opened().failed(await claimed(), new Error('no'));
        expect(dropped).to.equal(attempt === 3);
        await moveClock(database, 600 * attempt);
      }
      const { sealed, dropped_at, last_error } = await row();
      expect({ sealed, last_error }).to.deep.equal({ sealed: null, last_error: 'UNKNOWN' });
      expect(dropped_at).to.be.instanceOf(Date);
    });

    it('ignores the failure of a process whose lease is over', async () => {
      await opened().add(sms);
      const late = await claimed();
      await moveClock(database, 61);
      const { id } = await claimed();
      await opened().failed(late, new SendFailure('LATE'));
      expect(await row()).to.include({ last_error: null });
      await opened().sent(id);
      await opened().failed(late, new SendFailure('LATE'));
      expect(await row()).to.include({ last_error: null, dropped_at: null });
    });
  });

  describe('what has expired', () => {
    beforeEach(async () => {
      await opened().add(sms);
      await moveClock(database, 3600);
    });

    it('is not sent', async () => {
      expect(await opened().claimDue('sms', 1)).to.be.empty;
    });

    it('is dropped and erased', async () => {
      await opened().add(sms);
      expect(await opened().dropExpired()).to.equal(1);
      expect(await database.knex('outbox').whereNull('sealed').first()).to.include({ last_error: 'EXPIRED' });
      expect(await opened().dropExpired()).to.equal(0);
      expect(await opened().stats()).to.include({ waiting: 1 });
    });
  });

  it('tells how many wait, and for how long', async () => {
    expect(await opened().stats()).to.deep.equal({ waiting: 0, oldestSeconds: 0 });
    await opened().add(sms);
    await moveClock(database, 100);
    await opened().add(sms);
    const { waiting, oldestSeconds } = await opened().stats();
    expect(waiting).to.equal(2);
    expect(oldestSeconds).to.be.within(100, 160);
  });

  describe('in development', () => {
    const development = () => opened({ retainContent: true });

    it('lists mails and SMS, sent or not, newest first', async () => {
      await development().add(mail);
      const [due] = await development().claimDue('mail', 1);
      await development().sent(due?.id ?? '');
      await moveClock(database, 1);
      await development().add(sms);
      await development().add({
        channel: 'logout',
        kind: 'logout-token',
        clientId: 'spa',
        sub: '7',
        lifetimeSeconds: 60,
      });

      const [newest, oldest, ...more] = await development().list({ limit: 10 });
      expect(more).to.be.empty;
      expect(newest).to.include({ channel: 'sms', to: sms.to, subject: null, html: null });
      expect(newest?.text).to.match(/^Pratu: /);
      expect(oldest).to.include({ id: due?.id, channel: 'mail', to: mail.to });
      expect(oldest?.subject).to.include('Pratu');
      expect(oldest?.html).to.match(/^<!doctype html>/);
      expect(oldest?.createdAt).to.be.instanceOf(Date);
    });

    it('lists what was sent to one address, and no more than asked for', async () => {
      for (const to of ['a@example.com', 'b@example.com', 'a@example.com', 'a@example.com']) {
        await development().add({ ...mail, to });
      }
      const messages = await development().list({ to: 'a@example.com', limit: 2 });
      expect(messages.map(({ to }) => to)).to.deep.equal(['a@example.com', 'a@example.com']);
      expect(await development().list({ to: 'c@example.com', limit: 2 })).to.be.empty;
    });

    it('keeps what has expired', async () => {
      await development().add(sms);
      await moveClock(database, 3600);
      await development().dropExpired();
      expect(await development().list({ limit: 1 })).to.have.length(1);
    });
  });
});
