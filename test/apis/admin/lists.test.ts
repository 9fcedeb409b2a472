import { expect } from 'chai';
import { ADMIN_SCOPES } from '../../../src/domain/operators/role.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { tokensByPassword } from '../../support/sign-in.ts';
import { type Answer, call, clientToken, PASSWORD, person } from './admin-client.ts';

describe('lists of the Admin API', () => {
  let server: TestServer;
  let token = '';
  let id = 0;
  let lists: string[] = [];

  before(async () => {
    server = await startServer();
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
    const { email, ...made } = await person(server);
    ({ id } = made);
    for (const client of ['client', 'first-party-app']) {
      if (client !== 'client')
        await server.domain.clients.create({
          client_id: client,
          first_party: true,
          token_endpoint_auth_method: 'none',
          grant_types: ['password'],
          response_types: [],
          redirect_uris: [],
          scope: 'openid global',
        });
      await server.domain.consents.grant(id, client, { scopes: ['openid'], claims: [], resources: {} });
    }
    await tokensByPassword(server.url, { username: email, password: PASSWORD });
    const { knex } = server.database;
    for (const purpose of ['one', 'two'])
      await knex('audit').insert({
        event: 'account.looked_up',
        account_id: id,
        client_id: '2171',
        details: JSON.stringify({ purpose, found: true }),
      });
    for (const purpose of ['terms', 'privacy'])
      await knex('consent_records').insert({
        ...{ account_id: id, purpose, version: '1', language: 'th', channel: 'pages' },
      });
    const other = await person(server, 'viewer');
    expect(other.id).to.be.above(id);
    // these messages are not due, so they are not sent
    for (let message = 0; message < 2; message += 1)
      await knex('outbox').insert({
        channel: 'mail',
        kind: 'password-changed',
        account_id: id,
        expires_at: knex.raw(`now() + interval '1 day'`),
        next_attempt_at: knex.raw(`now() + interval '1 day'`),
      });
    lists = [
      '/accounts',
      '/accounts?status=active',
      `/accounts/${id}/applications`,
      `/accounts/${id}/consents`,
      `/accounts/${id}/lookups`,
      `/accounts/${id}/events`,
      '/audit',
      '/audit?client=2171',
      '/keys',
      '/operators',
      '/clients',
      '/messages',
      '/messages?state=waiting',
    ];
  });

  after(() => server.stop());

  const ask = (method: string, path: string, options: Parameters<typeof call>[3] = {}): Promise<Answer> =>
    call(server, token, [method, path], options);

  const withQuery = (path: string, query: string): string =>
    `${path}${path.includes('?') ? '&' : '?'}${query}`;

  it('have pages with a cursor that no other list takes', async () => {
    const cursors = new Map<string, string>();
    for (const path of lists) {
      const { status, body } = await ask('GET', withQuery(path, 'limit=1'));
      expect(status, path).to.equal(200);
      expect(body.data, path).to.have.length(1);
      expect(body.next, path).to.be.a('string');
      const more = await ask('GET', withQuery(path, `limit=1&after=${body.next}`));
      expect(more.status, path).to.equal(200);
      expect(more.body.data, path).to.have.length(1).and.not.deep.include(body.data[0]);
      cursors.set(path, body.next);
    }
    for (const path of [...lists, `/accounts/${id}/sessions`])
      for (const [other, cursor] of [...cursors, ['nonsense', 'nonsense']] as const) {
        if (other === path) continue;
        const { status, body } = await ask('GET', withQuery(path, `after=${cursor}`));
        expect([status, body.code], `${path} with a cursor of ${other}`).to.deep.equal([
          400,
          'INVALID_CURSOR',
        ]);
        expect(body.errors[0].pointer).to.equal('/after');
      }
  });

  it('end for applications, with and without a consent', async () => {
    const path = `/accounts/${id}/applications`;
    const { body } = await ask('GET', path);
    expect(body.data.map(({ client }: { client: string }) => client)).to.deep.equal([
      'client',
      'first-party-app',
    ]);
    expect(body.data[0].tokens).to.equal(1);
    await server.database.knex('consents').where({ account_id: id, client_id: 'client' }).delete();
    // a first-party client has tokens without a consent
    for (const client of ['client', 'first-party-app'])
      expect((await ask('DELETE', `${path}/${client}`)).status, client).to.equal(204);
    expect((await ask('DELETE', `${path}/client`)).status).to.equal(404);
    expect((await ask('GET', path)).body).to.deep.equal({ data: [], next: null });
    const events = (await ask('GET', `/audit?account=${id}&client=client`)).body.data;
    expect(events.map(({ event }: { event: string }) => event)).to.include('tokens.revoked');
  });

  it('are in the audit trail, as is the use of a password in an account', async () => {
    await ask('GET', '/accounts?status=suspended', { headers: { 'X-Reason': 'ticket 8' } });
    const { body } = await ask('GET', '/audit?event=accounts.listed&limit=1');
    expect(body.data[0].details).to.include({ filters: 'status', note: 'ticket 8' });
    expect(body.data[0].details.accounts).to.be.a('number');
    const { authenticators, last_sign_in_at: last } = (await ask('GET', `/accounts/${id}`)).body;
    expect(authenticators).to.have.length(1);
    expect(authenticators[0].last_used_at).to.equal(last).and.to.be.a('string');
  });
});

describe('If-Match', () => {
  let server: TestServer;
  let token = '';

  before(async () => {
    server = await startServer();
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
  });

  after(() => server.stop());

  it('takes one of several versions, any, and never a weak one', async () => {
    const { id } = await person(server);
    const path = `/accounts/${id}`;
    const etag = async (): Promise<string> =>
      (await call(server, token, ['GET', path])).headers.get('etag') as string;
    const patch = async (header: string): Promise<number> => {
      const body = { family_name: 'ใจดี' };
      return (await call(server, token, ['PATCH', path], { body, headers: { 'If-Match': header } })).status;
    };
    const first = await etag();
    expect(await patch(`"other", ${first}`)).to.equal(200);
    expect(await patch(first)).to.equal(412);
    expect(await patch(`W/${await etag()}`)).to.equal(412);
    expect(await patch('*')).to.equal(200);
    for (const broken of [(await etag()).slice(1), 'nonsense', '"a" "b"'])
      expect(await patch(broken), broken).to.equal(400);
  });

  it('lets one of two who change an account at once be first', async () => {
    const { id } = await person(server);
    const path = `/accounts/${id}`;
    const etag = (await call(server, token, ['GET', path])).headers.get('etag') as string;
    const answers = await Promise.all(
      ['หนึ่ง', 'สอง', 'สาม', 'สี่'].map((name) =>
        call(server, token, ['PATCH', path], { body: { given_name: name }, headers: { 'If-Match': etag } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 412, 412, 412]);
  });
});
