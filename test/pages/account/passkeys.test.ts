import { expect } from 'chai';
import { passkeyOf } from '../../flows/passkey-steps.ts';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer, testServer } from '../../support/server.ts';
import { SoftAuthenticator } from '../../support/soft-authenticator.ts';
import { csrfOf } from '../interaction-steps.ts';
import { notice, somebody, type Visitor } from './visitor.ts';

const NEW = '/account/passkeys/new';
const SECURITY = '/account/security';

describe('passkeys in the account area', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  const device = () => new SoftAuthenticator({ origin: server.config.server.issuer });
  const begin = async (person: Visitor, on = NEW) => {
    const csrf = csrfOf((await person.open(on)).page);
    return person.post('/account/passkeys/options', new URLSearchParams({ csrf }));
  };

  it('are created, listed, renamed and removed', async () => {
    const person = await (await somebody(server)).signIn();
    const options = await begin(person);
    expect(options.status).to.equal(200);
    const credential = device().create(JSON.parse(options.page));
    const added = await person.send(NEW, { credential });
    expect(added.next).to.equal(`${SECURITY}?outcome=passkey_added`);
    expect(notice((await person.open(added.next)).page)).to.equal('The passkey was created.');
    const [passkey] = await server.domain.passkeys.list(person.id);
    const id = passkey?.id ?? '';
    const renamed = await person.send(
      '/account/passkeys/rename',
      { id, name: '<My phone>' },
      { on: SECURITY },
    );
    expect((await person.open(renamed.next)).page).to.include('&lt;My phone&gt;');
    const removed = await person.send('/account/passkeys/remove', { id }, { on: SECURITY });
    expect((await person.open(removed.next)).page).to.include('The passkey was removed.');
    expect(await server.domain.passkeys.list(person.id)).to.deep.equal([]);
  });

  it('are not created from an invalid response, and the page says so', async () => {
    const person = await (await somebody(server)).signIn();
    for (const credential of ['', '{}', device().create({ challenge: 'AAAA' })]) {
      const refused = await person.send(NEW, { credential });
      expect(refused.status).to.equal(400);
      expect(refused.page).to.include('The passkey could not be verified.');
    }
    await passkeyOf(server, person.id);
    const one = device();
    await person.send(NEW, { credential: one.create(JSON.parse((await begin(person)).page)) });
    const again = await person.send(NEW, { credential: one.create(JSON.parse((await begin(person)).page)) });
    expect(again.status).to.equal(409);
    expect(again.page).to.include('This passkey is registered already.');
  });

  it('need a sign-in within the last five minutes', async () => {
    const person = await (await somebody(server)).signIn();
    await passkeyOf(server, person.id);
    const [passkey] = await server.domain.passkeys.list(person.id);
    const csrf = csrfOf((await person.open(NEW)).page);
    await moveClock(server.database, 301);
    expect((await person.open(NEW)).next).to.include('prompt=login');
    for (const path of [
      '/account/passkeys/options',
      NEW,
      '/account/passkeys/rename',
      '/account/passkeys/remove',
    ]) {
      const fields = { csrf, id: passkey?.id ?? '', name: 'x', credential: '{}' };
      const answer = await person.post(path, new URLSearchParams(fields));
      expect(answer.next, path).to.include('prompt=login');
    }
    expect(await server.domain.passkeys.list(person.id)).to.have.length(1);
  });

  it('cannot be removed where nothing else signs in', async () => {
    const person = await (await somebody(server)).signIn();
    await passkeyOf(server, person.id);
    const [passkey] = await server.domain.passkeys.list(person.id);
    const { knex } = server.database;
    await knex('credentials').where({ account_id: person.id }).delete();
    await knex('contacts').where({ account_id: person.id, kind: 'mobile' }).delete();
    const refused = await person.send(
      '/account/passkeys/remove',
      { id: passkey?.id ?? '' },
      { on: SECURITY },
    );
    expect(refused.status).to.equal(409);
    expect(refused.page).to.include('This is the only way to sign in to the account.');
  });

  it('of others are not found', async () => {
    const [person, other] = [await (await somebody(server)).signIn(), await somebody(server)];
    await passkeyOf(server, other.id);
    const [theirs] = await server.domain.passkeys.list(other.id);
    for (const path of ['rename', 'remove']) {
      const fields = { id: theirs?.id ?? '', name: 'Mine' };
      const answer = await person.send(`/account/passkeys/${path}`, fields, { on: NEW });
      expect(answer.status, path).to.equal(404);
    }
    expect(await server.domain.passkeys.list(other.id)).to.deep.equal([theirs]);
  });

  it('are announced to browsers and password managers', async () => {
    const person = await somebody(server);
    const origins = await person.open('/.well-known/webauthn');
    expect(JSON.parse(origins.page)).to.deep.equal({ origins: [server.url] });
    const endpoints = await person.open('/.well-known/passkey-endpoints');
    expect(JSON.parse(endpoints.page)).to.deep.equal({
      enroll: server.url + NEW,
      manage: server.url + SECURITY,
    });
    expect(endpoints.headers.get('content-type')).to.include('application/json');
  });
});

describe('a deployment whose issuer is an IP address', () => {
  it('has no passkeys, and says nothing of them', async () => {
    const server = await startServer({ passkeys: { rpId: '127.0.0.1' } });
    const person = await (await somebody(server)).signIn();
    expect((await person.open(SECURITY)).page).to.not.include('passkey');
    expect((await person.open(NEW)).status).to.equal(404);
    await server.stop();
  });
});
