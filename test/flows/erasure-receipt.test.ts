import { expect } from 'chai';
import { createRemoteJWKSet, decodeJwt, importJWK, jwtVerify } from 'jose';
import { call, clientToken } from '../apis/admin/admin-client.ts';
import { somebody } from '../pages/account/visitor.ts';
import { moveClock } from '../support/clock.ts';
import { command } from '../support/command.ts';
import { startServer, type TestServer } from '../support/server.ts';

const SCOPES = 'admin:accounts:read admin:accounts:erase admin:audit:read';

describe('the receipt of an erasure', () => {
  let server: TestServer;
  let token: string;
  before(async () => {
    server = await startServer();
    token = await clientToken(server, SCOPES);
  });
  after(() => server.stop());

  const ask = (method: string, path: string) => call(server, token, [method, path]);
  const keys = () => createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`), { cooldownDuration: 0 });
  const verify = (receipt: string) =>
    jwtVerify(receipt, keys(), { issuer: server.url, typ: 'erasure-receipt+jwt' });

  it('says what was erased, when and by which role, and verifies with the keys of the issuer', async () => {
    const { id } = await somebody(server);
    await server.domain.consentRecords.give(
      id,
      { purpose: 'marketing', version: '1' },
      { channel: 'pages', language: 'th' },
    );
    const answer = await ask('DELETE', `/accounts/${id}`);
    expect(answer.status).to.equal(204);
    const { payload } = await verify(answer.headers.get('erasure-receipt') ?? '');
    expect(payload.erased_by).to.equal('operator');
    expect(payload.erased).to.deep.equal({
      ...{ accounts: 1, contacts: 2, credentials: 1, cards: 1, consent_records: 1 },
    });
    expect(Math.abs(Number(payload.iat) - Date.now() / 1000)).to.be.below(60);
    const path = (answer.headers.get('location') ?? '').replace('/admin/v1', '');
    expect((await ask('GET', path)).body).to.include({ id: payload.jti, erased_by: 'operator' });
    const { body } = await ask('GET', '/erasure-receipts?limit=1');
    expect(body.data[0].id).to.equal(payload.jti);
    expect((await ask('GET', '/erasure-receipts/unknown')).status).to.equal(404);
  });

  it('names nobody: neither the account nor a digest of it', async () => {
    const person = await somebody(server);
    const { receipt } = await server.domain.lifecycle.remove(person.id);
    const payload = decodeJwt(receipt);
    expect(Object.keys(payload).toSorted()).to.deep.equal(['erased', 'erased_by', 'iat', 'iss', 'jti']);
    const stored = JSON.stringify(await server.database.knex('erasure_receipts').where({ id: payload.jti }));
    for (const trace of [person.email, person.mobile, `"${person.id}"`, `:${person.id},`])
      expect(stored).to.not.include(trace);
    const [own, other] = await Promise.all(
      [await somebody(server), await somebody(server)].map(({ id }) => server.domain.lifecycle.remove(id)),
    );
    expect(own?.id).to.not.equal(other?.id);
  });

  it('is shown to the owner', async () => {
    const person = await (await somebody(server)).signIn();
    const answer = await person.send('/account/delete', { confirmation: 'delete' });
    expect(answer.next).to.match(/^\/account\/delete\/done\?receipt=[\w-]{22}$/);
    const { page } = await person.open(answer.next);
    const receipt = /<textarea[^>]*>([^<]+)</.exec(page)?.[1] ?? '';
    const { payload } = await verify(receipt);
    expect(payload.erased_by).to.equal('owner');
    for (const id of ['x'.repeat(22), `${payload.jti}%00`, ''])
      expect((await person.open(`/account/delete/done?receipt=${id}`)).page).to.not.include('<textarea');
  });

  it('is not issued for an erasure that fails', async () => {
    const count = async () => Number((await server.database.knex('erasure_receipts').count())[0]?.count);
    const before = await count();
    expect((await ask('DELETE', '/accounts/999999999')).status).to.equal(404);
    const { id } = await somebody(server);
    const both = await Promise.allSettled([1, 2].map(() => server.domain.lifecycle.remove(id)));
    expect(both.map(({ status }) => status).toSorted()).to.deep.equal(['fulfilled', 'rejected']);
    expect(await count()).to.equal(before + 1);
  });

  it('verifies with the stored key after its key has left the key set, and by the command', async () => {
    const { id } = await somebody(server);
    const { receipt, publicKey } = await server.domain.lifecycle.remove(id);
    const day = 86_400;
    await moveClock(server.database, 91 * day);
    await server.domain.signingKeys.maintain({ rotateDays: 90, announceSeconds: 0, retainSeconds: day });
    await moveClock(server.database, 2 * day);
    await server.domain.signingKeys.maintain({ rotateDays: 90, announceSeconds: 0, retainSeconds: day });
    await server.jobs.watching.runNow();
    const failure = await verify(receipt).catch(({ code }) => code);
    expect(failure).to.equal('ERR_JWKS_NO_MATCHING_KEY');
    const { payload } = await jwtVerify(receipt, await importJWK(publicKey, 'RS256'));
    expect(payload.erased_by).to.equal('operator');
    const env = { ISSUER: server.url };
    const good = await command(['receipt', 'verify', receipt, '--json'], { env });
    expect(JSON.parse(good.stdout)).to.include({ valid: true, erased_by: 'operator' });
    const [head, , signature] = receipt.split('.');
    const forged = Buffer.from(JSON.stringify({ ...payload, erased_by: 'owner' })).toString('base64url');
    for (const other of [[head, forged, signature].join('.'), 'nothing']) {
      const bad = await command(['receipt', 'verify', other, '--json'], { env });
      expect([bad.code, JSON.parse(bad.stdout)]).to.deep.equal([1, { valid: false }]);
    }
    const listed = await command(['receipt', 'list', '--limit', '1', '--json'], { env });
    expect(JSON.parse(listed.stdout)[0].id).to.equal(payload.jti);
  });

  it('is printed by the command, which shows the consents before', async () => {
    const { id } = await somebody(server, { accepted: { channel: 'customers', language: 'th' } });
    await server.domain.consentRecords.give(
      id,
      { purpose: 'marketing', version: '1' },
      { channel: 'pages', language: 'th' },
    );
    const env = { ISSUER: server.url };
    const consents = await command(['account', 'consents', String(id), '--json'], { env });
    expect(JSON.parse(consents.stdout).consents).to.have.length(1);
    const removed = await command(['account', 'remove', String(id), '--yes', '--json'], { env });
    const { payload } = await verify(JSON.parse(removed.stdout).receipt);
    expect(payload.erased_by).to.equal('operator');
  });
});
