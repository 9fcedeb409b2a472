import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { mailedSecrets } from '../../../src/domain/mailed-secrets/mailed-secrets.ts';
import { moveClock } from '../../support/clock.ts';
import { SoftAuthenticator } from '../../support/soft-authenticator.ts';
import { enrolApp } from '../../support/totp.ts';
import { useSecret } from '../../support/use-secret.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, mailed, newEmail, PASSWORD } from './recovery-steps.ts';

/** An account was created with an address. Then the reader of that address resets its password. */
describe('taking an account over', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
    await domain.clients.create({ client_id: 'app' });
  });

  after(() => domain.leave());

  const secrets = () => mailedSecrets({ db: domain.database.knex, keyring: domain.keyring });

  async function made(verified: boolean) {
    const email = newEmail();
    const { id } = await domain.lifecycle.create({ contacts: [emailContact(email, verified)] });
    return { id, email };
  }

  /** Creates everything that an account can grant and that outlives a request. */
  async function giveOut(id: number) {
    const elsewhere = newEmail();
    const { knex } = domain.database;
    await domain.bindings.set(id, { provider: 'facebook', externalId: `facebook-${id}`, status: '1' });
    await domain.consents.grant(id, 'app', { scopes: ['openid'], claims: [], resources: {} });
    await knex('sign_in_origins').insert({ account_id: id, origin: Buffer.from(`origin ${id}`) });
    await domain.pushDevices.register({ gcmId: `device-${id}`, accountId: id, grantRecord: randomUUID() });
    await knex('sessions').insert({
      uid: `session-${id}`,
      account_id: id,
      payload: '{}',
      expires_at: knex.raw(`pratu_now() + interval '1 day'`),
    });
    const issue = (purpose: 'verify_email' | 'change_email' | 'undo_email') =>
      secrets().issue({ purpose, accountId: id, email: elsewhere }, 86_400);
    return {
      verify: await issue('verify_email'),
      change: await issue('change_email'),
      undo: await issue('undo_email'),
    };
  }

  async function recover(email: string): Promise<void> {
    await domain.passwordReset.request({
      email,
      resetUri: '/reset-password',
      locale: 'en',
      origin: caller(),
    });
    const code = await mailed(domain, email, 'code');
    await domain.passwordReset.reset({ email, code, password: PASSWORD, origin: caller() });
  }

  const rowsOf = async (table: string, id: number): Promise<number> =>
    (await domain.database.knex(table).where({ account_id: id })).length;

  const uses = async (given: Awaited<ReturnType<typeof giveOut>>): Promise<Record<string, string>> => ({
    verify: await codeOf(useSecret(secrets(), given.verify.identifier, given.verify.key, 'verify_email')),
    change: await codeOf(useSecret(secrets(), given.change.identifier, given.change.key, 'change_email')),
    undo: await codeOf(useSecret(secrets(), given.undo.identifier, given.undo.key, 'undo_email')),
  });

  /** Adds an authenticator app with its recovery codes, and a passkey. */
  async function enrol(id: number): Promise<void> {
    await enrolApp(domain, id);
    const device = new SoftAuthenticator({ origin: domain.config.server.issuer });
    const options = await domain.passkeys.begin((await domain.accounts.find(id)) as Account, 'browser');
    const credential = device.create(options as { challenge: string });
    await domain.passkeys.add(id, { credential, browser: 'browser' });
  }

  const factorsOf = async (id: number): Promise<Record<string, number>> => ({
    apps: await rowsOf('authenticators', id),
    codes: await rowsOf('recovery_codes', id),
    passkeys: await rowsOf('passkeys', id),
  });

  const linksOf = async (id: number): Promise<Record<string, number>> => ({
    bindings: await rowsOf('bindings', id),
    consents: await rowsOf('consents', id),
    origins: await rowsOf('sign_in_origins', id),
    devices: await rowsOf('devices', id),
  });

  it('leaves nothing to anyone who listed the address and never proved one', async () => {
    const { id, email } = await made(false);
    const before = (await domain.accounts.find(id))?.generation ?? 0;
    const given = await giveOut(id);
    await recover(email);
    expect((await domain.accounts.find(id))?.generation).to.be.above(before);
    expect(await rowsOf('sessions', id)).to.equal(0);
    expect(await linksOf(id)).to.deep.equal({ bindings: 0, consents: 0, origins: 0, devices: 0 });
    expect(await uses(given)).to.deep.equal({
      verify: 'LINK_INVALID',
      change: 'LINK_INVALID',
      undo: 'LINK_INVALID',
    });
  });

  it('removes the authenticators of anyone who never proved a contact, and says so', async () => {
    const { id, email } = await made(false);
    await enrol(id);
    await moveClock(domain.database, 60);
    await recover(email);
    expect(await factorsOf(id)).to.deep.equal({ apps: 0, codes: 0, passkeys: 0 });
    const { knex } = domain.database;
    const [removed] = await knex('audit').where({ account_id: id, event: 'second_factor.removed' });
    expect(removed?.details).to.include({ by: 'recovery' });
    expect(
      await knex('outbox').where({ account_id: id, kind: 'second-factor-changed' }),
    ).to.have.length.above(2);
  });

  it('leaves an owner the authenticators', async () => {
    const { id, email } = await made(true);
    await moveClock(domain.database, 60);
    await enrol(id);
    await recover(email);
    expect(await factorsOf(id)).to.deep.equal({ apps: 1, codes: 10, passkeys: 1 });
  });

  it('also leaves nothing to a person who proved a number in the meantime and removed it again', async () => {
    const { id, email } = await made(false);
    await domain.contacts.add(id, { kind: 'mobile', value: '+66812345602', verified: true });
    await moveClock(domain.database, 60);
    const given = await giveOut(id);
    const { knex } = domain.database;
    const account = (await domain.accounts.find(id)) as Account;
    await knex.transaction((tx) => domain.mobileChange.setUnproved(tx, account, null));
    await recover(email);
    expect(await linksOf(id)).to.deep.equal({ bindings: 0, consents: 0, origins: 0, devices: 0 });
    expect((await uses(given)).undo).to.equal('LINK_INVALID');
  });

  it('leaves an owner their own links and their own way back', async () => {
    const { id, email } = await made(true);
    await moveClock(domain.database, 60);
    const given = await giveOut(id);
    await recover(email);
    expect(await rowsOf('sessions', id)).to.equal(0);
    expect(await linksOf(id)).to.deep.equal({ bindings: 1, consents: 1, origins: 1, devices: 1 });
    expect(await uses(given)).to.deep.equal({ verify: 'LINK_INVALID', change: 'LINK_INVALID', undo: 'none' });
  });

  it('removes what was there before the first proof, though the address was verified since', async () => {
    const { id, email } = await made(false);
    const given = await giveOut(id);
    await moveClock(domain.database, 60);
    await domain.contacts.verifyEmail(id, { key: email });
    expect(await linksOf(id)).to.deep.equal({ bindings: 1, consents: 1, origins: 1, devices: 1 });
    await recover(email);
    expect(await linksOf(id)).to.deep.equal({ bindings: 0, consents: 0, origins: 0, devices: 0 });
    expect((await uses(given)).undo).to.equal('LINK_INVALID');
  });
});
