import { expect } from 'chai';
import { suppressRepeats } from '../../src/lib/suppress-repeats.ts';

describe('a sentence for the log', () => {
  it('is passed on once in ten minutes, each one for itself', () => {
    let now = 0;
    const logged: string[] = [];
    const log = suppressRepeats((sentence) => logged.push(sentence), { now: () => now });
    for (const sentence of ['a', 'a', 'b', undefined, 'a']) log(sentence);
    now = 599_999;
    log('a');
    expect(logged).to.deep.equal(['a', 'b']);
    now = 600_000;
    log('a');
    expect(logged).to.deep.equal(['a', 'b', 'a']);
  });
});
