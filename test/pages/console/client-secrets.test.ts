import { expect } from 'chai';
import { startServer, type TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { CB, create, isSecretOf, secretsOf } from './client-pages.ts';
import { type Operator, operator } from './operator.ts';

describe('secrets of clients in the console', () => {
  let server: TestServer;
  let admin: Operator;

  before(async () => {
    server = await startServer();
    admin = await operator(server, 'admin');
  });

  after(() => server.stop());

  it('are created once by a form that is sent twice, and both responses show the same secret', async () => {
    await admin.open('/console/new-client');
    const fields = { client_name: 'Twice', redirect_uris: CB, grant_types: 'authorization_code' };
    const before = (await server.domain.clients.list()).length;
    const answers = await Promise.all([1, 2, 3].map(() => admin.send('/console/new-client', fields)));
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 201, 201]);
    const secrets = new Set(answers.flatMap(({ page }) => secretsOf(page)));
    expect(secrets.size).to.equal(1);
    expect((await server.domain.clients.list()).length).to.equal(before + 1);
    const rows = await server.database.knex('submissions').select();
    expect(JSON.stringify(rows)).to.not.include([...secrets][0]);
  });

  it('get new secrets, of which the old one may stay valid', async () => {
    const { id, seen } = await create(admin);
    const [first = ''] = secretsOf(seen.page);
    const path = `/console/clients/${id}`;
    await admin.open(path);
    const rotated = await admin.send(`${path}/rotate`, { kind: 'secret', keep: 'day' });
    expect(rotated.status).to.equal(200);
    const [second = ''] = secretsOf(rotated.page);
    expect([await isSecretOf(server, id, first), await isSecretOf(server, id, second)]).to.deep.equal([
      true,
      true,
    ]);
    await admin.open(path);
    const [third = ''] = secretsOf(
      (await admin.send(`${path}/rotate`, { kind: 'secret', keep: 'none' })).page,
    );
    expect(await Promise.all([first, second, third].map((one) => isSecretOf(server, id, one)))).to.deep.equal(
      [false, false, true],
    );
    for (const kind of ['', 'api_key', 'nonsense', '__proto__']) {
      await admin.open(path);
      expect((await admin.send(`${path}/rotate`, { kind })).status, kind).to.equal(400);
    }
    await admin.open(path);
    // with a value that is not one of the choices, the old secret is not kept
    expect((await admin.send(`${path}/rotate`, { kind: 'secret', keep: 'constructor' })).status).to.equal(
      200,
    );
    expect(await isSecretOf(server, id, third)).to.equal(false);
  });

  it('are rotated once by a form that comes twice', async () => {
    const { id } = await create(admin);
    const path = `/console/clients/${id}`;
    const csrf = csrfOf((await admin.open(path)).page);
    const answers = [
      await admin.send(`${path}/rotate`, { csrf, kind: 'secret', keep: 'none' }),
      await admin.send(`${path}/rotate`, { csrf, kind: 'secret', keep: 'none' }),
    ];
    const [one, two] = answers.map(({ page }) => secretsOf(page)[0] ?? '');
    expect(one).to.equal(two);
    expect(await isSecretOf(server, id, one ?? '')).to.equal(true);
  });
});
