import { expect } from 'chai';
import { toldOnce } from '../../src/lib/told-once.ts';

describe('a sentence for the log', () => {
  it('is passed on once in ten minutes, each one for itself', () => {
    let now = 0;
    const told: string[] = [];
    const tell = toldOnce((sentence) => told.push(sentence), { now: () => now });
    for (const sentence of ['a', 'a', 'b', undefined, 'a']) tell(sentence);
    now = 599_999;
    tell('a');
    expect(told).to.deep.equal(['a', 'b']);
    now = 600_000;
    tell('a');
    expect(told).to.deep.equal(['a', 'b', 'a']);
  });
});
