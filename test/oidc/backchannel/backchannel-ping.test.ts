import { expect } from 'chai';
import * as openid from 'openid-client';
import { somebody, type Visitor } from '../../pages/account/visitor.ts';
import { trustLocalhost } from '../../support/certificate.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { type LocalServer, localServer } from '../../support/local-server.ts';
import { discover } from '../../support/openid-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { ask, CIBA, cibaClient, poll, requestsOn, SETTINGS } from './backchannel-steps.ts';

const PAGE = '/account/approvals';
const TOKEN = 'a-token-of-the-client';

describe('backchannel authentication, seen by its clients', () => {
  let server: TestServer;
  let receiver: LocalServer;
  let client: TestClient;
  let person: Visitor;
  let distrust: () => void;

  before(async () => {
    // no server of an earlier file may send the messages of this one
    await emptyTables(await testDatabase());
    server = await startServer({ ciba: { ...SETTINGS, interval: 1 } }, { alone: true });
    receiver = await localServer(() => ({}), { secure: true });
    distrust = trustLocalhost();
    client = await cibaClient(server, {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: `${receiver.url}/ping`,
    });
  });
  after(async () => {
    distrust();
    await server.stop();
  });
  beforeEach(async () => {
    person = await somebody(server);
  });

  async function decide(how: 'approve' | 'deny'): Promise<void> {
    const [request = ''] = requestsOn((await person.open(PAGE)).page);
    await person.send(`${PAGE}/${how}`, { request }, { on: PAGE });
  }

  async function answer(how: 'approve' | 'deny'): Promise<void> {
    await person.signIn(`${PAGE}?lang=en`);
    await decide(how);
  }

  for (const how of ['approve', 'deny'] as const)
    it(`is a ping, with the client's token, after the owner chose to ${how}`, async () => {
      const asked = await ask(server, client, {
        login_hint: person.email,
        client_notification_token: TOKEN,
      });
      await server.jobs.sending.runNow();
      const before = receiver.received.length;
      await answer(how);
      await server.jobs.sending.runNow();
      const { method, path, headers, body } = await receiver.next();
      expect([method, path, headers.authorization]).to.deep.equal(['POST', '/ping', `Bearer ${TOKEN}`]);
      expect(JSON.parse(body)).to.deep.equal({ auth_req_id: asked.body.auth_req_id });
      expect(receiver.received).to.have.length(before + 1);
      const { error } = (await poll(server, client, asked)).body;
      expect(error).to.equal(how === 'approve' ? undefined : 'access_denied');
    });

  it('is stored together with the decision, its consent and its audit event, or not at all', async () => {
    const { knex } = server.database;
    await ask(server, client, { login_hint: person.email, client_notification_token: TOKEN });
    await knex.raw(`create function no_pings() returns trigger language plpgsql as $$
      begin if new.channel = 'ping' then raise 'no pings'; end if; return new; end $$`);
    await knex.raw(
      'create trigger no_pings before insert on outbox for each row execute function no_pings()',
    );
    const ofPerson = { account_id: person.id, client_id: client.id };
    const stored = async () => [
      (await knex('audit').where({ ...ofPerson, event: 'approval.given' })).length,
      (await knex('consents').where(ofPerson)).length,
      (await knex('outbox').where({ account_id: person.id, channel: 'ping' })).length,
    ];
    try {
      await answer('approve');
    } finally {
      await knex.raw('drop function no_pings cascade');
    }
    expect(await stored()).to.deep.equal([0, 0, 0]);
    await decide('approve');
    expect(await stored()).to.deep.equal([1, 1, 1]);
  });

  it('needs the token of the ping', async () => {
    const { body } = await ask(server, client, { login_hint: person.email });
    expect(body.error).to.equal('invalid_request');
  });

  it('is what openid-client expects', async () => {
    const config = await discover(server, await cibaClient(server));
    const asked = await openid.initiateBackchannelAuthentication(config, {
      scope: 'openid',
      login_hint: person.email,
      binding_message: 'ABC-123',
    });
    const polled = openid.pollBackchannelAuthenticationGrant(config, asked);
    await answer('approve');
    expect((await polled).claims()?.sub).to.equal(String(person.id));
  });

  it('is announced where it is enabled', async () => {
    const metadata = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json();
    expect(metadata).to.deep.include({
      backchannel_authentication_endpoint: `${server.url}/oauth/backchannel`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_user_code_parameter_supported: false,
    });
    expect(metadata.grant_types_supported).to.include(CIBA);
  });

  it('does not exist unless it is enabled', async () => {
    const off = await startServer();
    const metadata = await (await fetch(`${off.url}/.well-known/openid-configuration`)).json();
    expect(Object.keys(metadata).filter((member) => member.startsWith('backchannel_auth'))).to.deep.equal([]);
    expect(metadata.grant_types_supported).not.to.include(CIBA);
    const other = await createClient(off);
    expect((await ask(off, other, { login_hint: person.email })).status).to.equal(404);
    await person.signIn('/account?lang=en');
    const page = await person.agent.request(`${off.url}${PAGE}`);
    expect(page.status).to.equal(404);
    await off.stop();
  });
});
