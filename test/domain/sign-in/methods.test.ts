import { expect } from 'chai';
import type { Channels } from '../../../src/domain/messages/channels.ts';
import { linkedAccounts } from '../../../src/domain/settings/linked-accounts.ts';
import {
  acrValues,
  enrolledMethods,
  methodOf,
  offeredMethods,
  REGISTRABLE_ACR_VALUES,
} from '../../../src/domain/sign-in/methods.ts';
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

  const methodsOf = async (id: number, channels: Channels = new Set(['sms']), emailCodes = false) => {
    const account = await domain.accounts.find(id);
    return account && enrolledMethods(domain.database.knex, account, { channels, emailCodes });
  };

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
    expect(await methodsOf(complete.id, new Set())).to.deep.equal(['password']);
    const both: Channels = new Set(['sms', 'mail']);
    expect(await methodsOf(complete.id, both)).to.deep.equal(['password', 'code']);
    expect(await methodsOf(complete.id, both, true)).to.deep.equal(['password', 'code', 'email-code']);
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
    const linked = (emailCodes: boolean) =>
      linkedAccounts({
        keyring: domain.keyring,
        outbox: () => domain.outbox,
        db: domain.database.knex,
        channels,
        emailCodes,
      });
    expect(await codeOf(linked(false).remove(id, 'facebook'))).to.equal('ONLY_WAY_TO_SIGN_IN');
    await linked(true).remove(id, 'facebook');
    expect(await methodsOf(id, channels, true)).to.deep.equal(['email-code']);
  });
});
