import { expect } from 'chai';
import type { Client } from 'oidc-provider';
import { type ClientKeys, refetchUnknownKeys } from '../../../src/oidc/library/client-keys.ts';

/** A client whose key set has no key, with the number of its fetches. */
function clientWithoutKeys() {
  let fetches = 0;
  const keys: ClientKeys = {
    selectForVerify: () => [],
    async refresh() {
      fetches += 1;
    },
  };
  const client = { jwksUri: 'https://app.example/jwks', asymmetricKeyStore: keys } as unknown as Client;
  return { client, keys, fetches: () => fetches };
}

describe('the refetching of unknown keys', () => {
  let seconds = 1_800_000_000;
  const clock = { now: () => new Date(seconds * 1000) };

  it('is added once to a key set, however often its client leaves the cache', async () => {
    const { client, keys, fetches } = clientWithoutKeys();
    refetchUnknownKeys(client, clock);
    const { selectForVerify, refresh } = keys;
    for (let times = 0; times < 20_000; times += 1) refetchUnknownKeys(client, clock);
    expect(keys.selectForVerify).to.equal(selectForVerify);
    expect(keys.refresh).to.equal(refresh);
    expect(keys.selectForVerify({ kid: 'unknown' })).to.deep.equal([]);
    await keys.refresh();
    expect(fetches()).to.equal(1);
  });

  it('remembers the last fetch when the client returns from the cache', async () => {
    const { client, keys } = clientWithoutKeys();
    refetchUnknownKeys(client, clock);
    await keys.refresh();
    keys.freshUntil = seconds + 60;
    refetchUnknownKeys(client, clock);
    keys.selectForVerify({ kid: 'unknown' });
    expect(keys.freshUntil).to.equal(seconds + 60);
    seconds += 10;
    keys.selectForVerify({ kid: 'unknown' });
    expect(keys.freshUntil).to.equal(0);
  });
});
