import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Channels } from '../../../src/domain/messages/channels.ts';
import { linkedAccounts } from '../../../src/domain/settings/linked-accounts.ts';
import {
  acrValues,
  enrolledMethods,
  methodOf,
  offeredMethods,
  REGISTRABLE_ACR_VALUES,
  type UsableMethods,
} from '../../../src/domain/sign-in/methods.ts';
import { readyDomain } from '../../support/domain.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('authentication methods', () => {
  it('are offered on pages where their channel exists, the password first', () => {
    const both = new Set(['sms', 'mail'] as const);
    const everything = offeredMethods(both, { passkeys: true, emailCodes: true, upstream: true });
    expect(everything).to.deep.equal(['password', 'code', 'email-code', 'passkey', 'upstream']);
    const byDefault = offeredMethods(both, { passkeys: true, emailCodes: false, upstream: false });
    expect(byDefault).to.deep.equal(['password', 'code', 'passkey']);
    const noMail = offeredMethods(new Set(['sms']), { passkeys: false, emailCodes: true, upstream: false });
    expect(noMail).to.deep.equal(['password', 'code']);
    expect(
      offeredMethods(new Set(['mail']), { passkeys: false, emailCodes: false, upstream: false }),
    ).to.deep.equal(['password']);
  });

  it('each have an acr; those with a page can be registered as a default', () => {
    expect(acrValues(['password', 'code', 'facebook'])).to.deep.equal([
      'urn:pratu:acr:password',
      'urn:pratu:acr:sms',
      'urn:pratu:acr:upstream',
      'urn:pratu:acr:mfa',
    ]);
    expect(REGISTRABLE_ACR_VALUES).to.deep.equal(
      acrValues(['password', 'code', 'email-code', 'passkey', 'upstream']),
    );
    expect(methodOf('code').page).to.equal('sms');
  });
});

describe('the authentication methods of an account', () => {
  let domain: EmptyDomain;
  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  const EVERYTHING: UsableMethods = {
    channels: new Set(['sms']),
    passkeys: true,
    emailCodes: false,
    isUsableLink: () => true,
  };

  const methodsOf = async (id: number, usable: Partial<UsableMethods> = {}) => {
    const account = await domain.accounts.find(id);
    return account && enrolledMethods(domain.database.knex, account, { ...EVERYTHING, ...usable });
  };

  const linked = (usable: Partial<UsableMethods>) =>
    linkedAccounts({
      keyring: domain.keyring,
      outbox: () => domain.outbox,
      db: domain.database.knex,
      usable: { ...EVERYTHING, ...usable },
    });

  it('are those that it can sign in with', async () => {
    const { id } = await domain.lifecycle.create({});
    expect(await methodsOf(id)).to.deep.equal([]);
    await domain.bindings.set(id, { provider: 'line', externalId: '1', status: '1' });
    expect(await methodsOf(id)).to.deep.equal([]);
    await domain.bindings.set(id, { provider: 'facebook', externalId: '1', status: '1' });
    expect(await methodsOf(id)).to.deep.equal(['facebook']);
    const complete = await domain.lifecycle.create({
      password: 'correct horse battery',
      contacts: [
        { kind: 'mobile', value: '+66812345678', verified: true },
        { kind: 'email', value: 'somchai@example.com', verified: true },
      ],
    });
    expect(await methodsOf(complete.id)).to.deep.equal(['password', 'code']);
    expect(await methodsOf(complete.id, { channels: new Set() })).to.deep.equal(['password']);
    const both: Channels = new Set(['sms', 'mail']);
    expect(await methodsOf(complete.id, { channels: both })).to.deep.equal(['password', 'code']);
    expect(await methodsOf(complete.id, { channels: both, emailCodes: true })).to.deep.equal([
      'password',
      'code',
      'email-code',
    ]);
    const unverified = await domain.lifecycle.create({
      contacts: [{ kind: 'mobile', value: '+66812345679', verified: false }],
    });
    expect(await methodsOf(unverified.id)).to.deep.equal([]);
  });

  it('count codes by e-mail as one that is left only where the deployment lets them sign in', async () => {
    const { id } = await domain.lifecycle.create({
      contacts: [{ kind: 'email', value: 'malee@example.com', verified: true }],
    });
    await domain.bindings.set(id, { provider: 'facebook', externalId: '2', status: '1' });
    const channels: Channels = new Set(['mail']);
    expect(await codeOf(linked({ channels }).remove(id, 'facebook'))).to.equal('ONLY_WAY_TO_SIGN_IN');
    const emailCodes = { channels, emailCodes: true };
    await linked(emailCodes).remove(id, 'facebook');
    expect(await methodsOf(id, emailCodes)).to.deep.equal(['email-code']);
  });

  it('count links only of providers that the deployment has', async () => {
    const { id } = await domain.lifecycle.create({});
    for (const provider of ['line', 'facebook', 'upstream:google', 'upstream:gone'])
      await domain.bindings.set(id, { provider, externalId: '3', status: '1' });
    const only = (...usable: string[]) => ({ isUsableLink: (name: string) => usable.includes(name) });
    expect(await methodsOf(id)).to.deep.equal(['upstream', 'facebook']);
    expect(await methodsOf(id, only('facebook'))).to.deep.equal(['facebook']);
    expect(await methodsOf(id, only('upstream:google'))).to.deep.equal(['upstream']);
    expect(await methodsOf(id, only('line'))).to.deep.equal([]);

    const removable = async (...usable: string[]) => {
      const account = await domain.accounts.find(id);
      if (!account) throw new Error('no such account');
      const links = await linked(only(...usable)).list(account);
      return links.filter((link) => link.removable).map(({ provider }) => provider);
    };
    expect(await removable('facebook')).to.deep.equal(['line', 'upstream:gone', 'upstream:google']);
    expect(await removable('upstream:google')).to.deep.equal(['facebook', 'line', 'upstream:gone']);
    expect(await removable('facebook', 'upstream:google')).to.have.length(4);
    // a provider may come back
    expect(await removable()).to.deep.equal(['line']);
    const refused = linked(only('upstream:google')).remove(id, 'upstream:google');
    expect(await codeOf(refused)).to.equal('ONLY_WAY_TO_SIGN_IN');
  });

  it('count passkeys only where they are usable', async () => {
    const { id } = await domain.lifecycle.create({});
    await domain.database.knex('passkeys').insert({
      ...{ id: randomUUID(), account_id: id, name: 'Passkey', aaguid: randomUUID() },
      ...{ credential_id: randomBytes(16), public_key: randomBytes(16), sign_count: 0, backed_up: true },
    });
    await domain.bindings.set(id, { provider: 'facebook', externalId: '4', status: '1' });
    expect(await methodsOf(id)).to.deep.equal(['passkey', 'facebook']);
    expect(await methodsOf(id, { passkeys: false })).to.deep.equal(['facebook']);
    const refused = linked({ passkeys: false }).remove(id, 'facebook');
    expect(await codeOf(refused)).to.equal('ONLY_WAY_TO_SIGN_IN');
  });

  it('of a deployment are those of its settings', async () => {
    const { id } = await domain.lifecycle.create({});
    await domain.bindings.set(id, { provider: 'facebook', externalId: '5', status: '1' });
    await domain.bindings.set(id, { provider: 'upstream:google', externalId: '5', status: '1' });
    const account = await domain.accounts.find(id);
    if (!account) throw new Error('no such account');
    const google = { id: 'google', kind: 'google', clientId: 'x', clientSecret: 'y' } as const;
    const { database, config } = domain;
    const off = await readyDomain({ config, database });
    expect(await off.methodsOf(account)).to.deep.equal([]);
    const on = await readyDomain({
      config: {
        ...config,
        facebook: { ...config.facebook, appId: '1', appSecret: 'x' },
        upstream: [google],
      },
      database,
    });
    expect(await on.methodsOf(account)).to.deep.equal(['upstream', 'facebook']);
  });
});
