import { expect } from 'chai';
import { togetherWith } from '../../../src/domain/upstream/claims.ts';

describe('claims of an ID token and of the userinfo endpoint', () => {
  it('are those of the ID token, and what it lacks', () => {
    const signed = { sub: '1', name: 'Somchai' };
    expect(togetherWith(signed, { sub: '1', name: 'Other', given_name: 'Som' })).to.include({
      ...{ sub: '1', name: 'Somchai', given_name: 'Som' },
    });
  });

  it('never take the verification of one address for another', () => {
    const verified = { sub: '1', email: 'verified@example.com', email_verified: true };
    expect(togetherWith(verified, { email: 'somchai@example.com' })).to.include(verified);
    const orphaned = togetherWith({ sub: '1', email_verified: true }, { email: 'somchai@example.com' });
    expect(orphaned).to.include({ email: 'somchai@example.com', email_verified: undefined });
    const info = { email: 'somchai@example.com', email_verified: true };
    expect(togetherWith({ sub: '1' }, info)).to.include(info);
    expect(togetherWith({ sub: '1', email: 'a@example.com' }, info).email_verified).to.equal(undefined);
  });
});
