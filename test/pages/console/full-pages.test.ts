import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { inRequestContext } from '../../../src/lib/request-context.ts';
import { createClient } from '../../support/clients.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { newContacts } from '../account/visitor.ts';
import { expectLight } from '../page-weight.ts';
import { type Operator, operator, person } from './operator.ts';

const LONG = 'ก'.repeat(80);

describe('the console of a deployment that has much', () => {
  let server: TestServer;
  let admin: Operator;
  let accountId: number;
  let clientId: string;

  before(async () => {
    server = await startServer();
    admin = await operator(server, 'admin');
    const { knex } = server.database;
    const contacts = Array.from({ length: 4 }, () => [
      { kind: 'mobile' as const, value: newContacts().mobile, verified: true },
      {
        kind: 'email' as const,
        value: `${randomHex(128)}@${'longname'.repeat(4)}.example.com`,
        verified: false,
      },
    ]).flat();
    accountId = (
      await person(server, 'support', {
        contacts,
        profile: { firstName: LONG, lastName: LONG },
        externalId: `crm-${'x'.repeat(100)}${randomHex(32)}`,
        nationalId: '2101700230706',
      })
    ).id;
    const uris = Array.from(
      { length: 10 },
      (_, index) => `https://${'sub.'.repeat(8)}example.com/callback/${index}`,
    );
    const metadata = {
      client_name: LONG,
      redirect_uris: uris,
      post_logout_redirect_uris: uris,
      contacts: uris,
    };
    for (let made = 0; made < 30; made += 1) {
      const client = await createClient(server, {
        ...metadata,
        client_id: `${'client-'.repeat(8)}${randomHex(64)}`,
      });
      clientId = client.id;
      await server.domain.consents.grant(accountId, client.id, {
        scopes: ['openid', 'profile', 'email', 'phone', 'address', 'offline_access', 'thai_id'],
        claims: [],
        resources: {},
      });
      await server.domain.clients.create({
        ...metadata,
        client_id: `${'partner-'.repeat(8)}${randomHex(64)}`,
        token_profile: 'partner',
        number: 900_000_000 + made,
        bindings: ['line', 'facebook', 'shop'],
      });
      const { id } = await person(server, 'viewer', { profile: { firstName: LONG, lastName: LONG } });
      await server.domain.lifecycle.suspend(id);
    }
    const place = JSON.stringify({ browser: 'Chrome', system: 'Windows' });
    await knex.raw(
      `insert into sessions (uid, account_id, generation, payload, place, expires_at)
       select md5(random()::text), ?, 1, '{"accountId":"1","loginTs":1767225600}', ?, pratu_now() + interval '1 day'
       from generate_series(1, 40)`,
      [accountId, place],
    );
    const event = {
      account_id: accountId,
      client_id: clientId,
      actor: `client:${clientId}`,
      request_id: randomHex(128),
    };
    await knex('audit').insert(
      Array.from({ length: 120 }, (_, index) => ({
        ...event,
        event: ['account.looked_up', 'sign_in.refused', 'account.profile_changed'][index % 3],
        reason: index % 3 === 1 ? 'locked' : null,
        details: JSON.stringify({
          purpose: 'é'.repeat(200),
          fields: 'given_name family_name birthdate locale external_id',
          limit: 'account',
          until: '2026-01-02T03:04:05Z',
          note: LONG,
        }),
      })),
    );
    await inRequestContext({ requestId: event.request_id }, async () => {
      for (let added = 0; added < 60; added += 1)
        await server.domain.outbox.add({
          channel: 'mail',
          kind: 'contacts-changed',
          values: {},
          to: `${randomHex(64)}@example.com`,
          locale: 'th',
          accountId,
          lifetimeSeconds: 86_400,
        });
    });
    await knex('outbox').where({ account_id: accountId }).update({ attempts: 7, last_error: 'ECONNREFUSED' });
  });

  after(() => server.stop());

  const paths = (): string[] => [
    '/console',
    '/console/accounts',
    '/console/accounts?status=suspended',
    ...['', '/contacts', '/profile', '/sessions', '/applications', '/consents', '/lookups', '/actions'].map(
      (part) => `/console/accounts/${accountId}${part}`,
    ),
    `/console/operators/${accountId}`,
    '/console/new-account',
    '/console/import',
    '/console/clients',
    '/console/new-client',
    `/console/clients/${clientId}`,
    '/console/partners',
    '/console/audit',
    `/console/audit?account=${accountId}`,
    '/console/messages',
    '/console/operators',
    ...['server', 'messages', 'tokens', 'oneTimeCodes'].map((slice) => `/console/settings?slice=${slice}`),
  ];

  for (const lang of ['th', 'en'])
    it(`has light pages in ${lang}`, async () => {
      const heavy: string[] = [];
      for (const path of paths()) {
        const { page, status } = await admin.open(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        expect(status, path).to.equal(200);
        await expectLight(server, page, path).catch((error: Error) => heavy.push(`${path} ${error.message}`));
      }
      expect(heavy).to.deep.equal([]);
    });

  it('has a light trace of a request that did much', async () => {
    const { request_id: id } = await server.database
      .knex('audit')
      .where({ account_id: accountId })
      .orderBy('id', 'desc')
      .first();
    const { page } = await admin.open(`/console/trace?request_id=${id}&lang=th`);
    await expectLight(server, page);
  });
});
