import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { transactions } from '../../../src/domain/upstream/transactions.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('who came back from a provider', () => {
  let domain: EmptyDomain;
  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  it('is available while the provider is the one that returned them', async () => {
    const [browser, interaction] = [randomUUID(), randomUUID()];
    let identity = 'issuer A';
    const kept = transactions({
      db: domain.database.knex,
      keyring: domain.keyring,
      providers: { find: (() => ({ identity })) as never },
    });
    const begun = await kept.begin({ provider: 'staff', browser, part: { interaction } });
    await kept.answer(begun.state, { provider: 'staff', browser }, { response: { code: 'x' } });
    const taken = await kept.take(begun.state, { browser, part: { interaction } });
    if (!taken) throw new Error('not taken');
    await kept.prove(taken.id, { externalId: 'u1', emailVerified: false } as never, { identity });
    expect((await kept.proved(interaction, browser))?.identity).to.include({ externalId: 'u1' });
    identity = 'issuer B';
    expect(await kept.proved(interaction, browser)).to.equal(undefined);
  });
});
