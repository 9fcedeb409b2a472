import { expect } from 'chai';
import { backOffSeconds } from '../../../src/domain/messages/back-off.ts';

describe('the pause before the next attempt', () => {
  it('starts at 5 seconds and doubles to 15 minutes', () => {
    const pauses = [1, 2, 3, 8, 9, 60].map((attempts) => backOffSeconds(attempts, () => 0));
    expect(pauses).to.deep.equal([5, 10, 20, 640, 900, 900]);
  });

  it('is up to a fifth shorter', () => {
    expect(backOffSeconds(2, () => 1)).to.equal(8);
  });
});
