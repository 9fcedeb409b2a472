import { expect } from 'chai';
import { ADMIN_SCOPES } from '../../../src/domain/operators/role.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';
import { type Answer, call, clientToken, person } from './admin-client.ts';

const CB = 'https://app.example.com/cb';

describe('clients and messages in the Admin API', () => {
  let server: TestServer;
  let token = '';

  before(async () => {
    server = await startServer();
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
  });

  after(() => server.stop());

  const ask = (method: string, path: string, options: Parameters<typeof call>[3] = {}): Promise<Answer> =>
    call(server, token, [method, path], options);

  const create = async (more: object = {}): Promise<Answer> =>
    ask('POST', '/clients', { body: { client_id: `made-${randomHex(64)}`, redirect_uris: [CB], ...more } });

  it('are registered with a secret that appears once, changed, rotated and removed', async () => {
    const made = await create({ client_name: 'Made' });
    expect(made.status).to.equal(201);
    expect(made.body.client_secret).to.be.a('string');
    const path = `/clients/${made.body.client_id}`;
    const shown = await ask('GET', path);
    expect(shown.body)
      .to.include({ client_name: 'Made', dynamic: false })
      .and.not.have.property('client_secret');
    const etag = shown.headers.get('etag') as string;
    const patch = (body: object, headers: Record<string, string>) => ask('PATCH', path, { body, headers });
    const changed = await patch({ redirect_uris: [CB, `${CB}2`], client_name: null }, { 'If-Match': etag });
    expect(changed.body).to.deep.include({ redirect_uris: [CB, `${CB}2`] });
    expect(changed.body).to.not.have.property('client_name');
    expect((await patch({ client_name: 'Late' }, { 'If-Match': etag })).status).to.equal(412);
    const rotated = await ask('POST', `${path}/rotate-secret`, { body: { keep_seconds: 60 } });
    expect(rotated.body.client_secret).to.not.equal(made.body.client_secret);
    expect((await ask('POST', `${path}/rotate-api-key`, { body: {} })).status).to.equal(404);
    const preview = await ask('DELETE', `${path}?dry_run=true`);
    expect(preview.body).to.deep.equal({ effects: { tokens: 0, consents: 0, sessions: 0 } });
    expect((await ask('DELETE', path)).status).to.equal(204);
    expect((await ask('GET', path)).body).to.include({ code: 'CLIENT_NOT_FOUND' });
    const { body } = await ask('GET', `/audit?client=${made.body.client_id}&event=client.changed`);
    expect(body.data[0].details).to.deep.equal({ fields: 'client_name redirect_uris' });
    expect(body.data[0].actor).to.equal('client:admin-api');
  });

  it('are refused with a pointer to what is wrong', async () => {
    const wrong: [object, string][] = [
      [{ redirect_uris: ['nonsense'] }, '/redirect_uris'],
      [{ favourite_colour: 'green' }, '/favourite_colour'],
      [{ client_credentials_scope: 'unknown:scope' }, '/client_credentials_scope'],
      [{ grant_types: ['refresh_token'] }, '/grant_types'],
      [{ redirect_uris: [7] }, '/redirect_uris/0'],
    ];
    for (const [more, pointer] of wrong) {
      const { status, body } = await create(more);
      expect(status, pointer).to.equal(400);
      expect(
        body.errors?.map((one: { pointer: string }) => one.pointer),
        pointer,
      ).to.deep.equal([pointer]);
    }
  });

  it('are marked for FAPI 2.0, which completes their registration', async () => {
    const jwks_uri = 'https://app.example.com/keys';
    const made = await create({ fapi_profile: '2.0', jwks_uri });
    expect(made.status).to.equal(201);
    expect(made.body).to.include({
      token_endpoint_auth_method: 'private_key_jwt',
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    });
    const path = `/clients/${made.body.client_id}`;
    const etag = (await ask('GET', path)).headers.get('etag') as string;
    const weaker = { id_token_signed_response_alg: 'RS256' };
    const refused = await ask('PATCH', path, { body: weaker, headers: { 'If-Match': etag } });
    expect(refused.status).to.equal(400);
    expect(JSON.stringify(refused.body)).to.include('/id_token_signed_response_alg');
  });

  it('keep the tokens that a change still allows', async () => {
    const resource = 'http://localhost:8080/opaque';
    const made = await create({
      grant_types: ['client_credentials'],
      redirect_uris: [],
      client_credentials_scope: 'api:read',
    });
    const { client_id: id, client_secret: secret } = made.body;
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const issued = await tokenRequest(
      server.url,
      { grant_type: 'client_credentials', resource, scope: 'api:read' },
      { authorization },
    );
    expect(issued.status).to.equal(200);
    const effects = async (body: object, query = '') =>
      (await ask('PATCH', `/clients/${id}${query}`, { body })).body.effects.tokens;
    expect(await effects({ client_name: 'Other' })).to.equal(0);
    expect(await effects({ client_credentials_scope: null }, '?dry_run=true')).to.equal(1);
    expect((await ask('DELETE', `/clients/${id}?dry_run=true`)).body.effects.tokens).to.equal(1);
    expect(await effects({ client_credentials_scope: null })).to.equal(1);
  });

  it('are listed page by page', async () => {
    const seen: string[] = [];
    let after = '';
    do {
      const { body } = await ask('GET', `/clients?limit=2${after}`);
      seen.push(...body.data.map((one: { client_id: string }) => one.client_id));
      after = body.next === null ? '' : `&after=${body.next}`;
    } while (after !== '');
    expect(seen).to.include.members(['admin-api', 'client', 'spa']);
    expect(new Set(seen).size).to.equal(seen.length);
  });

  it('list messages without their text, and send one again while it is stored', async () => {
    const { id } = await person(server);
    await server.domain.lifecycle.signOutEverywhere(id);
    await server.domain.outbox.add({
      channel: 'mail',
      kind: 'password-changed',
      values: {},
      to: 'somebody@example.com',
      locale: 'th',
      accountId: id,
      lifetimeSeconds: 3600,
    });
    const { body } = await ask('GET', '/messages?limit=200');
    const message = body.data.find((one: { account: string }) => one.account === String(id));
    // another server of the run may have sent it already
    expect(message).to.include({ kind: 'password-changed', channel: 'mail' });
    for (const state of ['waiting', 'sent', 'dropped']) {
      const { body: some } = await ask('GET', `/messages?state=${state}`);
      for (const one of some.data) expect(one.state).to.equal(state);
    }
    expect(JSON.stringify(body)).to.not.include('somebody@example.com');
    expect((await ask('POST', `/messages/${message.id}/resend`)).body).to.include({ state: 'waiting' });
    await server.database.knex('outbox').where({ id: message.id }).update({ sealed: null });
    expect((await ask('POST', `/messages/${message.id}/resend`)).body).to.include({
      code: 'MESSAGE_EMPTIED',
    });
    expect((await ask('POST', '/messages/nonsense/resend')).body).to.include({ code: 'MESSAGE_NOT_FOUND' });
  });
});
