import { expect } from 'chai';
import type { StoredClient } from '../../../src/domain/clients/client.ts';
import { isSecretOf } from '../../../src/domain/clients/client-secret.ts';
import { isPartnerId, isPermitted, mayBind } from '../../../src/domain/partners/partners.ts';

const clientWith = (...secrets: string[]): StoredClient => ({
  metadata: { client_id: '1' },
  dynamic: false,
  secrets,
  createdAt: new Date(0),
});

describe('a partner', () => {
  it('has an id that is a decimal number', () => {
    for (const id of ['1', '2171', '007']) expect(isPartnerId(id), id).to.equal(true);
    for (const id of ['', 'client', '-1', '1.5', '1e3', ' 1', '١'])
      expect(isPartnerId(id), id).to.equal(false);
  });

  it('has exactly the permissions of its registration', () => {
    const scope = 'openid accounts:lookup';
    expect(isPermitted({ client_id: '1', scope }, 'accounts:lookup')).to.equal(true);
    expect(isPermitted({ client_id: '1', scope }, 'bindings:write')).to.equal(false);
    expect(isPermitted({ client_id: 'one', scope }, 'accounts:lookup')).to.equal(false);
    expect(isPermitted({ client_id: '1' }, 'accounts:lookup')).to.equal(false);
    expect(isPermitted({ client_id: '1', scope: 'accounts:lookups' }, 'accounts:lookup')).to.equal(false);
  });

  it('binds the providers that its registration lists, never one that signs people in', () => {
    const metadata = { client_id: '1', scope: 'bindings:write', bindings: ['line', 'facebook'] };
    expect(mayBind(metadata, 'line')).to.equal(true);
    for (const provider of ['facebook', 'truemoney', 'LINE'])
      expect(mayBind(metadata, provider)).to.equal(false);
    expect(mayBind({ ...metadata, scope: 'openid' }, 'line')).to.equal(false);
    expect(mayBind({ client_id: '1', scope: 'bindings:write' }, 'line')).to.equal(false);
  });

  it('accepts each of its secrets, and nothing else', () => {
    for (const secret of ['new', 'old']) expect(isSecretOf(clientWith('new', 'old'), secret)).to.equal(true);
    for (const secret of ['', 'ne', 'news', 'New'])
      expect(isSecretOf(clientWith('new'), secret)).to.equal(false);
    expect(isSecretOf(clientWith(), '')).to.equal(false);
    expect(isSecretOf(undefined, '')).to.equal(false);
  });
});
