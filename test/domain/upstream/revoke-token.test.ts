import { expect } from 'chai';
import { revokeToken } from '../../../src/domain/upstream/revoke-token.ts';

describe('the revocation of a token', () => {
  const revoked: string[] = [];
  const apple = {
    binding: 'upstream:apple',
    party: { revoke: async (token: string) => revoked.push(token) },
  };
  const send = (binding: string) =>
    revokeToken({ list: [apple] as never })({
      id: '1',
      content: { binding, token: 'a' },
      signal: undefined as never,
    });

  it('goes to the provider that it came from', async () => {
    await send('upstream:apple');
    expect(revoked).to.deep.equal(['a']);
  });

  it('fails, to be tried again, where that provider is not configured', async () => {
    const error = await send('upstream:other').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
    expect(revoked).to.have.length(1);
  });
});
