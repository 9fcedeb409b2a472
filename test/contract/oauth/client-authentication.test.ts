import { expect } from 'chai';
import { createClient, type TestClient } from '../../support/clients.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';

const RESERVED = 'a:b%20c+d&e=f/~';
const GRANT = { grant_type: 'client_credentials' };
const MACHINE = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: '' };

const form = (value: string): string => new URLSearchParams({ '': value }).toString().slice(1);
const header = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

describe('client authentication', () => {
  let server: TestServer;
  let basic: TestClient;
  let post: TestClient;

  before(async () => {
    server = await testServer();
    basic = await createClient(server, { ...MACHINE, client_id: `c:${Date.now()} +%` }, RESERVED);
    post = await createClient(server, { ...MACHINE, token_endpoint_auth_method: 'client_secret_post' });
  });

  it('takes id and secret with reserved characters, form-urlencoded in Basic', async () => {
    const { status } = await tokenRequest(server.url, GRANT, header(form(basic.id), form(RESERVED)));
    expect(status).to.equal(200);
  });

  it('takes them in the body', async () => {
    const fields = { ...GRANT, client_id: post.id, client_secret: post.secret };
    expect((await tokenRequest(server.url, fields)).status).to.equal(200);
  });

  it('says the same of an unknown client and of a wrong secret, and how to do it', async () => {
    const wrong = await tokenRequest(server.url, GRANT, header(form(basic.id), 'wrong'));
    const unknown = await tokenRequest(server.url, GRANT, header('nobody', 'wrong'));
    expect(wrong.status).to.equal(401);
    expect(wrong.headers.get('www-authenticate')).to.match(/^Basic /);
    expect(wrong.body).to.include({ error: 'invalid_client' });
    expect([unknown.status, unknown.body]).to.deep.equal([wrong.status, wrong.body]);
  });

  for (const [name, attempt] of Object.entries({
    'two ways at once': () =>
      tokenRequest(
        server.url,
        { ...GRANT, client_id: post.id, client_secret: post.secret },
        header(form(basic.id), form(RESERVED)),
      ),
    'no secret': () => tokenRequest(server.url, { ...GRANT, client_id: post.id }),
    'an empty secret': () => tokenRequest(server.url, { ...GRANT, client_id: post.id, client_secret: '' }),
    'another client’s secret': () =>
      tokenRequest(server.url, { ...GRANT, client_id: post.id, client_secret: RESERVED }),
    'no client at all': () => tokenRequest(server.url, GRANT),
    'a Basic header that is not one': () => tokenRequest(server.url, GRANT, { authorization: 'Basic %%%' }),
  })) {
    it(`refuses ${name}`, async () => {
      const { status, body } = await attempt();
      expect(status).to.be.oneOf([400, 401]);
      expect(body.error).to.be.oneOf(['invalid_client', 'invalid_request']);
      expect(body).to.not.have.property('access_token');
    });
  }

  it('takes both secrets while a client changes its own, and one after that', async () => {
    const client = await createClient(server, MACHINE);
    const fresh = await server.domain.clients.rotateSecret(client.id, 600);
    for (const secret of [client.secret, fresh]) {
      expect((await tokenRequest(server.url, GRANT, header(client.id, secret))).status).to.equal(200);
    }
    await server.domain.clients.rotateSecret(client.id, 0);
    expect((await tokenRequest(server.url, GRANT, header(client.id, fresh))).status).to.equal(401);
  });
});
