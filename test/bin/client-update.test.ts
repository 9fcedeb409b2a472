import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { command, commandJson } from '../support/command.ts';
import { testServer } from '../support/server.ts';
import { tokenRequest } from '../support/sign-in.ts';

interface Updated {
  redirect_uris: string[];
  client_name?: string;
  client_secret?: string;
  effects: { tokens: number };
}

const CB = 'https://app.example.com/cb';

describe('pratu client update', () => {
  const newClient = async (...args: string[]): Promise<{ id: string; secret: string }> => {
    const id = `updated-${randomHex(64)}`;
    const made = await commandJson<{ client_secret: string }>(['client', 'create', '--id', id, ...args]);
    return { id, secret: made.client_secret };
  };

  it('adds and removes redirect URIs, and leaves the rest as it is', async () => {
    const { id } = await newClient('--redirect-uri', CB, '--name', 'Before');
    const added = await commandJson<Updated>(['client', 'update', id, '--add-redirect-uri', `${CB}2`]);
    expect(added).to.deep.include({ redirect_uris: [CB, `${CB}2`], client_name: 'Before' });
    const removed = await commandJson<Updated>([
      'client',
      'update',
      id,
      '--remove-redirect-uri',
      CB,
      '--name',
      'After',
    ]);
    expect(removed).to.deep.include({ redirect_uris: [`${CB}2`], client_name: 'After' });
    expect(removed).to.not.have.property('client_secret');
    expect((await command(['client', 'update', id, '--remove-redirect-uri', CB])).code).to.equal(2);
    expect((await command(['client', 'update', id])).code).to.equal(2);
    expect((await command(['client', 'update', id, '--redirect-uri', 'ftp://x'])).code).to.equal(1);
    expect((await command(['client', 'update', 'nobody', '--name', 'x'])).code).to.equal(1);
  });

  it('changes every client of the demonstration', async () => {
    await testServer();
    for (const id of ['client', 'spa', '2171', 'service', 'admin-api'])
      expect(
        await commandJson<Updated>([
          'client',
          'update',
          id,
          '--logo-uri',
          'https://app.example.com/logo.png',
          '--dry-run',
        ]),
      )
        .to.have.property('effects')
        .that.deep.includes({ tokens: 0 });
  });

  it('shows a secret that the client needs for the first time', async () => {
    const { id } = await newClient('--public', '--redirect-uri', CB);
    const updated = await commandJson<Updated>([
      'client',
      'update',
      id,
      '--auth-method',
      'client_secret_post',
    ]);
    expect(updated.client_secret).to.be.a('string');
  });

  it('ends the tokens that it no longer allows, and no others', async () => {
    const server = await testServer();
    const resource = 'http://localhost:8080/opaque';
    const { id, secret } = await newClient(
      ...['--grant-type', 'client_credentials', '--client-credentials-scope', 'api:read api:write'],
    );
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const { body } = await tokenRequest(
      server.url,
      { grant_type: 'client_credentials', resource, scope: 'api:read' },
      { authorization },
    );
    const isActive = async (): Promise<boolean> => {
      const response = await fetch(`${server.url}/oauth/introspect`, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({ token: body.access_token }),
      });
      return ((await response.json()) as { active: boolean }).active;
    };
    const update = (scope: string, ...more: string[]) =>
      commandJson<Updated>(['client', 'update', id, '--client-credentials-scope', scope, ...more]);
    expect((await update('api:read')).effects).to.include({ tokens: 0 });
    expect(await isActive()).to.equal(true);
    expect((await update('api:write', '--dry-run')).effects).to.include({ tokens: 1 });
    expect(await isActive()).to.equal(true);
    expect((await update('api:write')).effects).to.include({ tokens: 1 });
    expect(await isActive()).to.equal(false);
  });
});
