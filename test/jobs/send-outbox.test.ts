import { expect } from 'chai';
import type { Database } from '../../src/db/database.ts';
import type { LogoutContent, Message, Senders } from '../../src/domain/messages/message.ts';
import { noopSender } from '../../src/domain/messages/noop-sender.ts';
import { outbox } from '../../src/domain/messages/outbox.ts';
import { SendFailure } from '../../src/domain/messages/send-failure.ts';
import { templates } from '../../src/domain/messages/templates.ts';
import { databaseCounters } from '../../src/domain/rate-limits/counters.ts';
import { logger } from '../../src/http/log.ts';
import { type SendOutbox, type SendOutboxDeps, sendOutbox } from '../../src/jobs/send-outbox.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { keyring } from '../../src/lib/keyring.ts';
import { OutboundError } from '../../src/lib/outbound.ts';
import { moveClock, resetClock } from '../support/clock.ts';
import { emptyTables, ownDatabase } from '../support/database.ts';
import { TEMPLATE_SETTINGS } from '../support/template-settings.ts';

const logout: Message = {
  channel: 'logout',
  kind: 'logout-token',
  clientId: 'spa',
  sub: '7',
  lifetimeSeconds: 600,
};
const sms: Message = {
  channel: 'sms',
  kind: 'signed-out-everywhere',
  to: '+66812345678',
  locale: 'th',
  values: {},
  lifetimeSeconds: 600,
};

describe('sending the outbox', () => {
  let database: Database;
  let logged: Record<string, unknown>[];
  const running: SendOutbox[] = [];

  before(async () => {
    database = await ownDatabase();
  });
  beforeEach(async () => {
    logged = [];
    await emptyTables(database);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await resetClock();
  });

  const waiting = (retainContent = false) =>
    outbox({
      db: database.knex,
      keyring: keyring([Buffer.alloc(32, 1)]),
      digest: keyring([Buffer.alloc(32, 1)]).digest,
      templates: templates(TEMPLATE_SETTINGS),
      clock: systemClock,
      counters: databaseCounters({ db: database.knex }),
      channels: new Set(['mail', 'sms', 'logout']),
      retainContent,
      limits: { perAddressHour: 3, perAddressDay: 10 },
      maxAttempts: 10,
    });
  const note = (fields: Record<string, unknown>): void => void logged.push(fields);
  const notes: SendOutboxDeps['log'] = { warn: note, error: note };
  const sending = (
    senders: Partial<Senders>,
    {
      retainContent = false,
      pollMs = 60_000,
      log = notes,
      ...told
    }: Partial<SendOutboxDeps> & { retainContent?: boolean } = {},
  ): SendOutbox => {
    const all: Senders = { mail: noopSender, sms: noopSender, logout: noopSender, ...senders };
    const made = sendOutbox({ outbox: waiting(retainContent), senders: all, pollMs, log, ...told });
    running.push(made);
    return made;
  };
  /** A sender that records its messages. */
  function recorder() {
    const sent: { id: string; content: LogoutContent }[] = [];
    return { sent, send: async ({ id, content }: (typeof sent)[number]) => void sent.push({ id, content }) };
  }
  const addMany = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) await waiting().add({ ...logout, sub: String(number) });
  };

  it('sends everything that is due, five at a time', async () => {
    await addMany(12);
    const subs: string[] = [];
    let atOnce = 0;
    let most = 0;
    await sending({
      async logout({ content }) {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise(setImmediate);
        atOnce -= 1;
        subs.push(content.sub);
      },
    }).runNow();
    expect(subs.map(Number).sort((a, b) => a - b)).to.deep.equal([...Array(12).keys()]);
    expect(most).to.equal(5);
    expect(await waiting().stats()).to.include({ waiting: 0 });
  });

  it('sends once when two processes send at once', async () => {
    await addMany(12);
    const { sent, send } = recorder();
    await Promise.all([sending({ logout: send }).runNow(), sending({ logout: send }).runNow()]);
    expect(sent).to.have.length(12);
    expect(new Set(sent.map(({ id }) => id))).to.have.property('size', 12);
  });

  it('tries a failure again, under the same id, and logs no content', async () => {
    await waiting().add(sms);
    const ids: string[] = [];
    const failing = sending({
      async sms({ id }) {
        ids.push(id);
        if (ids.length === 1) throw new SendFailure('HTTP_503', { cause: new Error('+66812345678') });
      },
    });
    await failing.runNow();
    await failing.runNow();
    expect(ids).to.have.length(1);
    expect(logged).to.deep.equal([
      { message: ids[0], channel: 'sms', kind: sms.kind, attempts: 1, lastError: 'HTTP_503', dropped: false },
    ]);
    await moveClock(database, 6);
    await failing.runNow();
    expect(ids).to.deep.equal([ids[0], ids[0]]);
    expect(await waiting().stats()).to.include({ waiting: 0 });
  });

  it('reports every attempt and what became of it, and runs that fail', async () => {
    await waiting().add(sms);
    const attempts: [string, string, string | undefined][] = [];
    const failed: string[] = [];
    let calls = 0;
    const reporting = sending(
      {
        async sms() {
          calls += 1;
          if (calls === 1) throw new SendFailure('HTTP_503');
        },
      },
      {
        onAttempt: (channel, result, error) =>
          void attempts.push([channel, result, (error as Error)?.message]),
        onError: (_error, name) => void failed.push(name),
      },
    );
    await reporting.runNow();
    await moveClock(database, 6);
    await reporting.runNow();
    expect(attempts).to.deep.equal([
      ['sms', 'postponed', 'not sent: HTTP_503'],
      ['sms', 'sent', undefined],
    ]);
    expect(failed).to.deep.equal([]);
    const down = { ...waiting(), claimDue: () => Promise.reject(new Error('down')) };
    await sending({}, { outbox: down, onError: (_error, name) => void failed.push(name) }).runNow();
    expect(failed.sort()).to.deep.equal(['send logout', 'send mail', 'send sms']);
  });

  it('writes the reason of a failure into the log', async () => {
    await waiting().add(sms);
    const lines: string[] = [];
    const log = logger({ level: 'info' }, { write: (line) => void lines.push(line) });
    const refused = new OutboundError('address', 'the address is not allowed');
    await sending({ sms: () => Promise.reject(refused) }, { log }).runNow();
    expect(lines).to.have.length(1);
    expect(JSON.parse(lines[0] ?? '')).to.include({ msg: 'message not sent', lastError: 'ADDRESS' });
  });

  it('lets a gateway that hangs delay no other channel', async () => {
    await waiting().add(sms);
    await waiting().add(logout);
    const hanging = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const run = sending({ sms: () => hanging.promise, logout: async () => reached.resolve() }).runNow();
    await reached.promise;
    hanging.resolve();
    await run;
  });

  it('passes over a message that cannot be opened', async () => {
    await addMany(2);
    const { id } = await database.knex('outbox').first('id');
    await database
      .knex('outbox')
      .where({ id })
      .update({ sealed: Buffer.from('broken') });
    const { sent, send } = recorder();
    await sending({ logout: send }).runNow();
    expect(sent).to.have.length(1);
    expect(logged).to.have.length(1);
    expect(logged[0]).to.include({ message: id, lastError: 'SECRET_KEY_UNKNOWN' });
  });

  it('drops what has expired', async () => {
    await addMany(1);
    await moveClock(database, 600);
    const { sent, send } = recorder();
    await sending({ logout: send }).runNow();
    expect(sent).to.be.empty;
    expect(await waiting().stats()).to.include({ waiting: 0 });
  });

  it('sends at the next poll without a notification', async () => {
    await addMany(1);
    const reached = Promise.withResolvers<void>();
    sending({ logout: async () => reached.resolve() }, { pollMs: 10 }).start();
    await reached.promise;
  });

  it('leaves messages readable in development, where no gateway is', async () => {
    await waiting(true).add(sms);
    await sending({}, { retainContent: true }).runNow();
    expect(await waiting(true).stats()).to.include({ waiting: 0 });
    expect(await waiting(true).list({ limit: 1 })).to.have.length(1);
  });
});
