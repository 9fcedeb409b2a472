import { expect } from 'chai';
import { audit } from '../../../src/domain/audit/audit.ts';
import { actAs, inRequestContext } from '../../../src/lib/request-context.ts';
import { command } from '../../support/command.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT, SOMCHAI, tokenRequest } from '../../support/sign-in.ts';

describe('the audit trail', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  const last = (event: string) =>
    server.database
      .knex('audit')
      .where({ event })
      .orderBy('id', 'desc')
      .first('actor', 'reason', 'request_id');

  it('names the server where no request and no command acts', async () => {
    await audit({ db: server.database.knex }).record({ event: 'keys.rotated' });
    expect(await last('keys.rotated')).to.deep.equal({ actor: 'system', reason: null, request_id: null });
  });

  it('names the server or the client until the caller is authenticated, and the caller afterwards', async () => {
    await inRequestContext({ requestId: 'r1' }, async () => {
      await audit({ db: server.database.knex }).record({ event: 'tokens.revoked', reason: 'locked' });
      expect(await last('tokens.revoked')).to.deep.equal({
        actor: 'system',
        reason: 'locked',
        request_id: 'r1',
      });
      await audit({ db: server.database.knex }).record({ event: 'tokens.revoked', clientId: 'spa' });
      expect(await last('tokens.revoked')).to.include({ actor: 'client:spa' });
      actAs('account:7');
      await audit({ db: server.database.knex }).record({ event: 'tokens.revoked' });
      expect(await last('tokens.revoked')).to.include({ actor: 'account:7' });
    });
  });

  for (const [reason, username, password] of [
    ['wrong_password', SOMCHAI.login, 'not-the-password'],
    ['unknown_identifier', 'nobody-at-all@example.com', 'any-password'],
  ] as const) {
    it(`has ${reason}, which the caller is not told`, async () => {
      const fields = { grant_type: 'password', username, password };
      const { body } = await tokenRequest(server.url, fields, { authorization: BASIC_CLIENT });
      expect(body).to.include({ error: 'invalid_grant' });
      expect(JSON.stringify(body)).to.not.include(reason);
      const row = await last('sign_in.failed');
      expect(row).to.include({ actor: 'client:client', reason });
      expect(row.request_id).to.match(/^[0-9a-f]{32}$/);
    });
  }

  it('names who signed in, and the user of the system who gave a command', async () => {
    const fields = { grant_type: 'password', username: SOMCHAI.login, password: SOMCHAI.password };
    await tokenRequest(server.url, fields, { authorization: BASIC_CLIENT });
    expect(await last('sign_in.succeeded')).to.include({ actor: 'account:1', reason: null });
    await command(['client', 'create', '--redirect-uri', 'https://app.example.com/cb']);
    expect((await last('client.created')).actor).to.match(/^command:.+/);
  });

  it('has the lifetime of a token with which clients register themselves, and not the token', async () => {
    const { stdout } = await command(['token', 'initial-access', '--expires', '15m', '--json']);
    const row = await server.database
      .knex('audit')
      .where({ event: 'token.initial_access_issued' })
      .orderBy('id', 'desc')
      .first();
    expect(row.details).to.deep.equal({ lifetime: 900 });
    expect(row.actor).to.match(/^command:.+/);
    expect(JSON.stringify(row)).not.to.include(JSON.parse(stdout).initial_access_token);
  });
});
