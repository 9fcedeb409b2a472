import { expect } from 'chai';
import type { StoredClient } from '../../../src/domain/clients/client.ts';
import { clientCache } from '../../../src/domain/clients/client-cache.ts';
import { publicOrigins } from '../../../src/domain/clients/public-origins.ts';

const MOST = 5_000;

const client = (id: string, more: object = {}): StoredClient => ({
  metadata: { client_id: id, token_endpoint_auth_method: 'none', ...more },
  dynamic: false,
  secrets: [],
  createdAt: new Date(0),
});

describe('the caches of clients', () => {
  const clock = { now: () => new Date(0) };

  it('keep new clients when they are full, in place of the oldest ones', async () => {
    const reads: string[] = [];
    const cache = clientCache({
      async read(id) {
        reads.push(id);
        return client(id);
      },
      clock,
    });
    for (let number = 0; number <= MOST; number += 1) await cache.find(`app-${number}`);
    reads.length = 0;
    for (const number of [MOST, 1, 0]) await cache.find(`app-${number}`);
    expect(reads).to.deep.equal(['app-0']);
  });

  it('keep no list of origins that a change overtook', async () => {
    const lists = [Promise.withResolvers<StoredClient[]>(), Promise.withResolvers<StoredClient[]>()];
    let reads = 0;
    const origins = publicOrigins({ list: async () => (await lists[reads++]?.promise) ?? [], clock });
    const origin = 'https://app.example';
    const overtaken = origins.allowed(origin);
    origins.clear();
    lists[0]?.resolve([]);
    expect(await overtaken).to.equal(false);
    lists[1]?.resolve([client('app', { redirect_uris: [`${origin}/cb`] })]);
    expect(await origins.allowed(origin)).to.equal(true);
    expect(await origins.allowed(origin)).to.equal(true);
    expect(reads).to.equal(2);
  });
});
