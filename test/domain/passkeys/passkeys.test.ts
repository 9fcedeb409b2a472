import { expect } from 'chai';
import { readyDomain } from '../../support/domain.ts';
import { codeOf } from '../empty-domain.ts';
import { CEREMONY, PASSWORD, PasskeyOwner } from './passkey-owner.ts';

describe('passkeys', () => {
  let owner: PasskeyOwner;

  before(async () => {
    owner = await PasskeyOwner.begin();
  });
  beforeEach(() => owner.reset());
  after(() => owner.domain.leave());

  it('are created, listed, and sign in', async () => {
    const options = await owner.begin();
    expect(options).to.deep.include({
      rp: { name: 'ประตู', id: 'localhost' },
      attestation: 'none',
      authenticatorSelection: {
        residentKey: 'required',
        userVerification: 'required',
        requireResidentKey: true,
      },
      excludeCredentials: [],
    });
    expect(options.user).to.include({ name: 'owner@example.com', displayName: 'สมชาย ใจดี' });
    expect(Buffer.from(options.user.id, 'base64url')).to.have.length(32);
    expect(await owner.add(owner.device.create(options))).to.equal('none');
    const [made] = await owner.domain.passkeys.list(owner.accountId);
    expect(made).to.deep.include({ name: 'พาสคีย์', backedUp: false, lastUsedAt: null });
    owner.device.signCount = 1;
    const account = await owner.verify(owner.device.get(await owner.ask()));
    expect(account.id).to.equal(owner.accountId);
    expect((await owner.domain.passkeys.list(owner.accountId))[0]?.lastUsedAt).to.be.instanceOf(Date);
    expect((await owner.eventsOf('sign_in.succeeded'))[0]).to.deep.include({ account_id: owner.accountId });
    expect((await owner.eventsOf('sign_in.succeeded'))[0]?.details).to.include({ method: 'passkey' });
    expect(
      await owner.domain.database.knex('outbox').where({ kind: 'second-factor-changed' }),
    ).to.have.length(1);
  });

  it('are several for an account, with the name of where they are kept, and each is created once', async () => {
    await owner.create({ aaguid: 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4' });
    const second = owner.newDevice();
    const options = await owner.begin();
    expect(options.excludeCredentials.map(({ id }) => id)).to.deep.equal([
      owner.device.credentialId.toString('base64url'),
    ]);
    await owner.create({}, second);
    expect((await owner.domain.passkeys.list(owner.accountId)).map(({ name }) => name)).to.deep.equal([
      'Google Password Manager',
      'พาสคีย์',
    ]);
    expect(await owner.use()).to.equal('none');
    expect(await owner.use({}, second)).to.equal('none');
    expect(await owner.create()).to.equal('PASSKEY_TAKEN');
  });

  it('name no account before they are used: the options are the same for everyone', async () => {
    const [one, other] = [await owner.ask(), await owner.ask({ ...CEREMONY, part: 'sign-in 2' })];
    const { challenge: first, ...same } = one;
    const { challenge: second, ...again } = other;
    expect(first).to.not.equal(second);
    expect(same).to.deep.equal(again);
    expect(same).to.deep.equal({
      ...{ rpId: 'localhost', allowCredentials: [], timeout: 300_000, userVerification: 'required' },
      extensions: undefined,
    });
  });

  it('of accounts that may not sign in do not', async () => {
    await owner.create();
    await owner.domain.lifecycle.suspend(owner.accountId);
    expect(await owner.use()).to.equal('PASSKEY_REJECTED');
    await owner.domain.lifecycle.activate(owner.accountId);
    expect(await owner.use()).to.equal('none');
  });

  it('are renamed and removed; a removed one is unknown', async () => {
    await owner.create();
    const [{ id } = { id: '' }] = await owner.domain.passkeys.list(owner.accountId);
    await owner.domain.passkeys.rename(owner.accountId, id, ' My phone ');
    expect((await owner.domain.passkeys.list(owner.accountId))[0]?.name).to.equal('My phone');
    for (const name of ['', ' ', 'x'.repeat(51)])
      expect(await codeOf(owner.domain.passkeys.rename(owner.accountId, id, name))).to.equal('INVALID_TEXT');
    const otherId = await owner.newAccount('other@example.com');
    for (const [holder, key] of [
      [otherId, id],
      [owner.accountId, 'x'],
      [owner.accountId, ''],
    ] as const) {
      expect(await codeOf(owner.domain.passkeys.rename(holder, key, 'Mine'))).to.equal('NOT_FOUND');
      expect(await codeOf(owner.domain.removePasskey(holder, key))).to.equal('NOT_FOUND');
    }
    await owner.domain.removePasskey(owner.accountId, id);
    expect(await owner.use()).to.equal('PASSKEY_UNKNOWN');
    expect(await owner.eventsOf('passkey.removed')).to.have.length(1);
    expect(await owner.eventsOf('passkey.renamed')).to.have.length(1);
  });

  it('stay where nothing else signs in, unless an operator removes them', async () => {
    await owner.create();
    const [{ id } = { id: '' }] = await owner.domain.passkeys.list(owner.accountId);
    await owner.domain.database.knex('credentials').where({ account_id: owner.accountId }).delete();
    expect(await codeOf(owner.domain.removePasskey(owner.accountId, id))).to.equal('ONLY_WAY_TO_SIGN_IN');
    expect(await owner.domain.passkeys.list(owner.accountId)).to.have.length(1);
    await owner.domain.heldAuthenticators.remove(owner.accountId, id);
    expect(await owner.domain.passkeys.list(owner.accountId)).to.deep.equal([]);
  });

  it('stay where only a code by SMS is left, and this deployment sends none', async () => {
    await owner.create();
    const { knex } = owner.domain.database;
    await knex('credentials').where({ account_id: owner.accountId }).delete();
    await knex('contacts').insert({
      ...{ account_id: owner.accountId, kind: 'mobile', value: '+66812345670', key: '+66812345670' },
      verified_at: knex.raw('pratu_now()'),
    });
    const { messages } = owner.domain.config;
    const onlyMail = await readyDomain({
      config: {
        ...owner.domain.config,
        messages: { ...messages, outbox: false, smtpUrl: 'smtp://mail.example' },
      },
      database: owner.domain.database,
    });
    const [{ id } = { id: '' }] = await owner.domain.passkeys.list(owner.accountId);
    expect(await codeOf(onlyMail.removePasskey(owner.accountId, id))).to.equal('ONLY_WAY_TO_SIGN_IN');
    expect(await codeOf(owner.domain.removePasskey(owner.accountId, id))).to.equal('none');
  });

  it('share the limit of wrong passwords by address', async () => {
    await owner.create();
    const { perAddress } = owner.domain.config.attempts;
    const browsers = Array.from({ length: perAddress }, (_, index) => ({
      browser: `${index}`,
      part: 'sign-in 1',
    }));
    for (const on of browsers) await codeOf(owner.verify('{}', { ceremony: on }));
    expect(await codeOf(owner.verify(owner.device.get(await owner.ask())))).to.equal('TOO_MANY_ATTEMPTS');
    const attempt = {
      identifier: 'owner@example.com',
      password: PASSWORD,
      origin: { address: owner.address },
    };
    expect(await codeOf(owner.domain.passwordAuthenticator.verify(attempt))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('do not lock the password of their account', async () => {
    await owner.create();
    for (let times = 0; times < 20; times += 1) await owner.use({ isForged: true });
    const attempt = { identifier: 'owner@example.com', password: PASSWORD, origin: { address: '10.9.9.9' } };
    expect(await codeOf(owner.domain.passwordAuthenticator.verify(attempt))).to.equal('none');
  });

  it('are offered once, to accounts without one', async () => {
    expect(await owner.domain.passkeys.isOfferDue(owner.accountId)).to.equal(true);
    await owner.domain.passkeys.offered(owner.accountId);
    await owner.domain.passkeys.offered(owner.accountId);
    expect(await owner.domain.passkeys.isOfferDue(owner.accountId)).to.equal(false);
    const otherId = await owner.newAccount('other@example.com');
    await owner.add(owner.device.create(await owner.begin(otherId)), otherId);
    expect(await owner.domain.passkeys.isOfferDue(otherId)).to.equal(false);
  });

  it('go with their account', async () => {
    await owner.create();
    await owner.domain.passkeys.offered(owner.accountId);
    await owner.domain.lifecycle.remove(owner.accountId);
    for (const table of ['passkeys', 'passkey_offers'])
      expect(await owner.domain.database.knex(table).where({ account_id: owner.accountId })).to.deep.equal(
        [],
      );
  });
});
