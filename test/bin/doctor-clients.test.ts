import { expect } from 'chai';
import { redirectUriChecks } from '../../src/bin/doctor/clients.ts';
import type { StoredClient } from '../../src/domain/clients/client.ts';

const clientsOf = (...uris: string[]): StoredClient[] =>
  uris.map((uri, index) => ({
    metadata: { client_id: `client-${index}`, redirect_uris: [uri] },
    dynamic: false,
    secrets: [],
    createdAt: new Date(0),
  }));

const statusesOf = (environment: 'development' | 'production', ...uris: string[]): string[] =>
  redirectUriChecks(clientsOf(...uris), environment).map(({ status }) => status);

describe("the doctor's check of redirect URIs", () => {
  it('accepts https, a private-use scheme, and this machine in development', () => {
    const uris = ['https://app.example.com/cb', 'com.example.app:/cb'];
    expect(statusesOf('production', ...uris)).to.deep.equal(['ok']);
    expect(statusesOf('development', ...uris, 'http://localhost:8080/cb', 'http://[::1]/cb')).to.deep.equal([
      'ok',
    ]);
  });

  it('objects to plain http, to patterns, and to this machine in production', () => {
    expect(statusesOf('production', 'http://app.example.com/cb')).to.deep.equal(['fail']);
    expect(statusesOf('development', 'http://app.example.com/cb')).to.deep.equal(['warn']);
    expect(statusesOf('development', 'https://*.example.com/cb')).to.deep.equal(['fail']);
    expect(statusesOf('production', 'http://127.0.0.1/cb')).to.deep.equal(['warn']);
    expect(statusesOf('production', 'https://localhost/cb', 'http://a.example/*')).to.deep.equal([
      'fail',
      'fail',
      'warn',
    ]);
  });

  it('names the client and the URI, a few of many', () => {
    const many = Array.from({ length: 9 }, (_, index) => `http://app-${index}.example/cb`);
    const [check] = redirectUriChecks(clientsOf(...many), 'production');
    expect(check?.message).to.include('client-0: http://app-0.example/cb').and.include('and 4 more');
  });
});
