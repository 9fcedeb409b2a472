import { expect } from 'chai';
import { audit } from '../../../src/domain/audit/audit.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { alertsOf } from '../visitor.ts';
import { type Operator, operator, person, type Seen } from './operator.ts';

/** More events than fit on a page. */
const MANY = 60;

const unescaped = (text: string): string => text.replaceAll('&amp;', '&');
const nextOf = ({ page }: Seen): string | undefined => {
  const next = /class="button secondary" href="(\?[^"]+)"/.exec(page)?.[1];
  return next && unescaped(next);
};

describe('the screens of the deployment', () => {
  let server: TestServer;
  let viewer: Operator;
  let support: Operator;

  before(async () => {
    server = await startServer();
    viewer = await operator(server, 'viewer');
    support = await operator(server, 'support');
  });

  after(() => server.stop());

  it('begin with today: sign-ins, codes, messages, keys, in numbers and lines', async () => {
    const { status, page } = await viewer.open('/console');
    expect(status).to.equal(200);
    expect(page.match(/<svg[^>]*role="img"[^>]*aria-label="[^"]+"/g)?.length).to.be.at.least(2);
    expect(page).to.not.match(/ style="|<script(?! src)/);
    for (const figure of ['succeeded', 'failed', 'refused', 'codes-sms', 'messages', 'limits', 'keys'])
      expect(page, figure).to.include(`id="figure-${figure}"`);
  });

  describe('the audit log', () => {
    const eventsOf = ({ page }: Seen): number =>
      page.match(/<ol class="history">.*<\/ol>/s)?.[0].match(/<li>/g)?.length ?? 0;

    it('is read by each filter, and its next pages keep it', async () => {
      const { id } = await person(server);
      const client = `c-${randomHex(64)}`;
      const requestId = randomHex(128);
      await audit({ db: server.database.knex }).recordAll(
        Array.from({ length: MANY }, () => ({
          event: 'account.looked_up' as const,
          accountId: id,
          clientId: client,
          requestId,
          actor: `client:${client}` as const,
        })),
      );
      const day = 86_400_000;
      const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
      const tomorrow = new Date(Date.now() + 7 * 3_600_000 + day).toISOString().slice(0, 16);
      // including the event of the account's creation
      const filters: [string, number][] = [
        [`account=${id}`, MANY + 1],
        [`client=${client}`, MANY],
        [`actor=client:${client}`, MANY],
        [`request_id=${requestId}`, MANY],
        [`account=${id}&event=account.looked_up&since=${today}T00:00`, MANY],
        [`account=${id}&event=sign_in.failed`, 0],
        [`client=${client}&since=${tomorrow}`, 0],
        [`client=${client}&until=${today}T00:00`, 0],
        ['account=abc', 0],
        ['account=1e3', 0],
        ['client=%00', 0],
        [`client=${'x'.repeat(2000)}`, 0],
      ];
      for (const [filter, wanted] of filters) {
        const seen = await viewer.open(`/console/audit?${filter}`);
        if (filter === 'client=%00') expect(seen.status).to.be.below(500);
        else expect(seen.status, filter).to.equal(200);
        let [count, page]: [number, Seen] = [eventsOf(seen), seen];
        for (let next = nextOf(page); next !== undefined; next = nextOf(page)) {
          page = await viewer.open(`/console/audit${next}`);
          expect(page.status, filter).to.equal(200);
          count += eventsOf(page);
        }
        expect(count, filter).to.equal(wanted);
        expect(page !== seen, filter).to.equal(wanted > 0);
      }
    });

    it('refuses times and cursors that are none', async () => {
      for (const query of [
        'after=nonsense',
        `after=${'x'.repeat(3000)}`,
        'since=nonsense',
        'until=2026-02-30T10:00',
        'since=2026-13-45T99:99',
      ])
        expect((await viewer.open(`/console/audit?${query}`)).status, query).to.equal(400);
      for (const query of ['event=', 'event=nonsense', 'account=1&account=2'])
        expect((await viewer.open(`/console/audit?${query}`)).status, query).to.equal(200);
    });
  });

  describe('the trace', () => {
    it('tells what happened to the request whose ID an error page shows', async () => {
      const id = randomHex(64);
      const answer = await fetch(`${server.url}/interaction/${id}`, { headers: { accept: 'text/html' } });
      const requestId = /<code>([0-9a-f]{32})<\/code>/.exec(await answer.text())?.[1] ?? '';
      expect(requestId).to.equal(answer.headers.get('x-request-id') ?? requestId);
      await eventually(async () => {
        await server.domain.refusedRequests.flush?.();
        const { page } = await viewer.open(`/console/trace?request_id=${requestId}`);
        expect(page).to.include(requestId).and.include('GET /interaction/');
        expect(page).to.not.include(id);
      });
      // with the spaces and the case of a copied id
      const copied = await viewer.open(
        `/console/trace?request_id=${encodeURIComponent(` ${requestId.toUpperCase()} `)}`,
      );
      expect(copied.page).to.include('GET /interaction/');
    });

    it('leads from a failed sign-in to the account, for those who may see it', async () => {
      const { id, email } = await person(server);
      const answer = await fetch(`${server.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from('client:secret').toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'password', username: email, password: 'wrong' }),
      });
      expect(answer.status).to.equal(400);
      const requestId = answer.headers.get('x-request-id') ?? '';
      const { page } = await support.open(`/console/trace?request_id=${requestId}`);
      expect(page).to.include(`href="/console/accounts/${id}"`).and.include('Wrong password');
      expect(page).to.not.include(email);
    });

    it('says so when no event is found', async () => {
      for (const typed of ['0'.repeat(32), 'nonsense', "' or 1=1", '<b>', 'x'.repeat(2000)]) {
        const { status, page } = await viewer.open(`/console/trace?request_id=${encodeURIComponent(typed)}`);
        expect(status, typed).to.equal(200);
        expect(page, typed).to.include('class="empty"').and.not.include('<b>');
      }
      expect((await viewer.open('/console/trace?request_id=%00')).status).to.be.below(500);
    });
  });

  describe('messages', () => {
    const add = async (): Promise<string> => {
      const { id } = await person(server);
      await server.domain.outbox.add({
        channel: 'mail',
        kind: 'password-changed',
        values: {},
        to: `somebody-${id}@example.com`,
        locale: 'en',
        accountId: id,
        lifetimeSeconds: 3600,
      });
      const [row] = await server.database
        .knex('outbox')
        .where({ account_id: id })
        // so that no server of the run sends it
        .update({ next_attempt_at: server.database.knex.raw(`pratu_now() + interval '1 hour'`) })
        .returning('id');
      return row.id;
    };
    const rowOf = (id: string) => server.database.knex('outbox').where({ id }).first();

    it('are listed without their text or address, by state, page by page', async () => {
      // other tests leave messages, some with times to which they had moved the clock
      await server.database.knex('outbox').delete();
      const id = await add();
      const { account_id: accountId } = await rowOf(id);
      const seen = await support.open('/console/messages?state=waiting');
      expect(seen.page).to.include(`value="${id}"`).and.not.include(`somebody-${accountId}@`);
      await server.domain.outbox.sent(id);
      expect((await support.open('/console/messages?state=waiting')).page).to.not.include(`value="${id}"`);
      for (let made = 0; made < 51; made += 1) await add();
      const first = await support.open('/console/messages');
      const next = nextOf(first);
      expect((await support.open(`/console/messages${next}`)).status).to.equal(200);
      expect((await support.open('/console/messages?after=nonsense')).status).to.equal(400);
      expect((await support.open(`/console/messages?state=sent&${next?.slice(1)}`)).status).to.equal(400);
      expect((await support.open('/console/messages?state=nonsense')).status).to.equal(200);
    });

    it('are sent again while their text is stored', async () => {
      const id = await add();
      await server.database
        .knex('outbox')
        .where({ id })
        .update({ dropped_at: server.database.knex.raw('pratu_now()'), last_error: 'refused' });
      await support.open('/console/messages');
      const { next } = await support.send('/console/messages/resend', {
        message: id,
        reason: 'gateway is back',
      });
      expect(next).to.equal('/console/messages?outcome=message_resent');
      expect((await rowOf(id)).dropped_at).to.equal(null);
      const { data } = await server.domain.auditSearch.page({ event: 'message.resent' }, { limit: 1 });
      expect(data[0]).to.deep.include({
        actor: `operator:${support.id}`,
        details: { message: id, note: 'gateway is back' },
      });
    });

    it('without a text, or with an unknown id, are refused in the form', async () => {
      const id = await add();
      await server.database.knex('outbox').where({ id }).update({ sealed: null });
      await support.open('/console/messages');
      const emptied = await support.send('/console/messages/resend', { message: id });
      expect(emptied.status).to.equal(409);
      expect(alertsOf(emptied)).to.have.length(1);
      for (const message of ['', 'nonsense', '00000000-0000-4000-8000-000000000000']) {
        await support.open('/console/messages');
        expect((await support.send('/console/messages/resend', { message })).status, message).to.equal(404);
      }
    });
  });

  describe('settings', () => {
    it('are shown with where they come from, and no secret among them', async () => {
      const { page } = await viewer.open('/console/settings');
      const slices = [...page.matchAll(/href="\/console\/settings\?slice=([^"]+)"/g)].map(([, name]) => name);
      expect(slices).to.include.members(['server', 'secrets', 'database', 'tokens', 'console']);
      const shown = (await Promise.all(slices.map((name) => viewer.open(`/console/settings?slice=${name}`))))
        .map((one) => one.page)
        .join();
      const { secrets, database } = server.config;
      const keys = secrets.keys.map((key) => Buffer.from(key).toString('base64'));
      // the embedded database has no URL
      const hidden = [...keys, ...(database.url === undefined ? [] : [database.url])];
      for (const secret of hidden) expect(shown).to.not.include(secret);
      expect(shown).to.include(server.url);
      expect((await viewer.open('/console/settings?slice=nonsense')).status).to.equal(200);
      expect((await viewer.open('/console/settings?slice=__proto__')).status).to.equal(200);
    });

    it('have a rotation of keys for admins, which says when it is too early', async () => {
      const admin = await operator(server, 'admin');
      const shown = await admin.open('/console/settings');
      expect(shown.page).to.include('/console/settings/rotate-keys');
      expect((await viewer.open('/console/settings')).page).to.not.include('/rotate-keys');
      await admin.open('/console/settings');
      const early = await admin.send('/console/settings/rotate-keys');
      expect(early.status).to.equal(503);
      expect(Number(early.headers.get('retry-after'))).to.be.above(0);
      expect(early.page).to.include('class="console-nav"');
    });
  });

  describe('partners', () => {
    it('are listed with what they did in the last day', async () => {
      const client = `partner-${randomHex(64)}`;
      await server.domain.clients.create({
        client_id: client,
        client_name: 'A partner',
        token_profile: 'partner',
        redirect_uris: ['https://partner.example.com/cb'],
      });
      await audit({ db: server.database.knex }).recordAll([
        { event: 'account.looked_up', clientId: client },
        { event: 'account.looked_up', clientId: client },
        { event: 'exchange.refused', clientId: client },
      ]);
      const { page } = await viewer.open('/console/partners');
      const row = page.split('<tr>').find((one) => one.includes(client)) ?? '';
      const numbers = [...row.matchAll(/class="number"[^>]*>(?:<a[^>]*>)?(\d+)/g)].map(([, count]) => count);
      expect(numbers).to.deep.equal(['2', '0', '1']);
    });
  });
});
