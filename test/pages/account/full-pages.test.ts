import { expect } from 'chai';
import { OFFLINE, tokensFor } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { newClient } from '../interaction-steps.ts';
import { expectLight } from '../page-weight.ts';
import { somebody, type Visitor } from './visitor.ts';

const rowsIn = (page: string): number => page.match(/<time /g)?.length ?? 0;

describe('the pages of someone who has much', () => {
  let server: TestServer;
  let person: Visitor;

  before(async () => {
    server = await testServer();
    person = await (await somebody(server)).signIn();
    const { knex } = server.database;
    const name = 'ก'.repeat(200);
    const app = await newClient(server, name);
    await tokensFor(server, app, OFFLINE, person.agent);
    const own = { account_id: person.id };
    await knex.raw(
      `insert into records (id, kind, payload, grant_id, account_id, generation, client_id, expires_at)
       select gen_random_uuid(), kind, payload, null, account_id, generation, client_id, expires_at
       from records, generate_series(1, 40) where kind = 'Grant' and account_id = ? and client_id = ?`,
      [person.id, app.id],
    );
    await knex.raw(
      `insert into records (id, kind, payload, grant_id, account_id, generation, client_id, expires_at)
       select gen_random_uuid(), 'AccessToken', '{}', id, account_id, generation, client_id, expires_at
       from records where kind = 'Grant' and account_id = ?`,
      [person.id],
    );
    await knex.raw(
      `insert into sessions (uid, account_id, generation, payload, place, expires_at)
       select md5(random()::text), account_id, generation, payload, place, expires_at
       from sessions, generate_series(1, 40) where account_id = ?`,
      [person.id],
    );
    for (let one = 0; one < 20; one += 1) {
      const { id } = await newClient(server, name);
      await server.domain.consents.grant(person.id, id, {
        scopes: ['openid', 'profile', 'email', 'phone', 'address', 'offline_access', 'thai_id'],
        claims: ['birthdate', 'phone_number_verified', 'updated_at', 'preferred_username'],
        resources: {},
      });
    }
    const looked = { ...own, event: 'account.looked_up', client_id: app.id };
    const details = JSON.stringify({ purpose: 'é'.repeat(200), found: true });
    await knex('audit').insert(Array.from({ length: 99 }, () => ({ ...looked, details })));
  });

  for (const path of ['/account/sessions', '/account/applications', '/account/lookups']) {
    it(`${path} stays small, and says that there is more`, async () => {
      const { page } = await person.open(`${path}?lang=th`);
      expect(rowsIn(page)).to.be.greaterThan(10);
      await expectLight(server, page);
      expect(page).to.match(/ยังมีอีก \d+ รายการ/);
    });
  }

  it('lead to the rest, page by page', async () => {
    let path: string | undefined = '/account/lookups?page=1';
    let seen = 0;
    while (path) {
      const { page } = await person.open(path);
      seen += rowsIn(page);
      const next: string | undefined = /href="(\?page=\d+)"/.exec(page)?.[1];
      path = next && `/account/lookups${next}`;
    }
    expect(seen).to.equal(99);
    for (const odd of ['0', '-1', 'x', '99999', '1&page=2']) {
      expect(rowsIn((await person.open(`/account/lookups?page=${odd}`)).page), odd).to.equal(15);
    }
  });

  it('keep this browser in sight', async () => {
    expect((await person.open('/account/sessions?lang=en')).page).to.include('This browser');
  });
});
