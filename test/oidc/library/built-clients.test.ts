import { expect } from 'chai';
import type { Provider } from 'oidc-provider';
import type { StoredClient } from '../../../src/domain/clients/client.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { keepBuiltClients } from '../../../src/oidc/library/built-clients.ts';

/** A library that builds a client of whatever the cache has at that time. */
function library() {
  const cache = new Map<string, StoredClient>();
  let builds = 0;
  const whileBuilding: (() => void)[] = [];
  const provider = {
    Client: {
      async find(id: string) {
        builds += 1;
        const stored = cache.get(id);
        whileBuilding.shift()?.();
        return stored && { clientId: id, of: stored };
      },
    },
  } as unknown as Provider;
  keepBuiltClients(provider, {
    clientCache: { find: async (id) => cache.get(id), clear: () => {} },
    clock: systemClock,
  });
  const stored = (secret: string): StoredClient =>
    ({ metadata: { client_id: 'app' }, secrets: [secret] }) as unknown as StoredClient;
  const find = (id: unknown) => provider.Client.find(id as string) as Promise<unknown>;
  return { cache, find, stored, whileBuilding, builds: () => builds };
}

describe('clients that the library has built', () => {
  it('are built once for as long as the cache has them', async () => {
    const { cache, find, stored, builds } = library();
    cache.set('app', stored('a'));
    const first = await find('app');
    expect(await find('app')).to.equal(first);
    expect(builds()).to.equal(1);
    cache.set('app', stored('b'));
    expect(await find('app')).to.not.equal(first);
    expect(await find('app')).to.deep.include({ of: cache.get('app') });
    expect(builds()).to.equal(2);
    cache.delete('app');
    expect(await find('app')).to.equal(undefined);
  });

  it('are not kept for a registration other than their own', async () => {
    const { cache, find, stored, whileBuilding } = library();
    const [old, changed] = [stored('a'), stored('b')];
    cache.set('app', old);
    whileBuilding.push(() => cache.set('app', changed));
    await find('app');
    expect(await find('app')).to.deep.include({ of: changed });
  });

  it('can be requested with anything', async () => {
    const { find } = library();
    for (const id of [undefined, '', ['app'], 7]) expect(await find(id)).to.equal(undefined);
  });
});
