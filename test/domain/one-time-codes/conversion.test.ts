import { expect } from 'chai';
import { isStopped, type NetworkSends } from '../../../src/domain/one-time-codes/conversion.ts';

const settings = { conversionSends: 20, conversionLeast: 0.1 };
const name = (network: string): Buffer => Buffer.from(network);
const of = (network: string, sent: number, used = 0): NetworkSends => ({
  network: name(network),
  sent,
  used,
});

/** The networks among `callers` for which the prefix is stopped. */
const stopped = (networks: NetworkSends[], callers = ['a', 'b', 'c', 'd', 'new']): string[] =>
  callers.filter((caller) =>
    isStopped(networks, (network) => network?.equals(name(caller)) === true, settings),
  );

const EVERYBODY = ['a', 'b', 'c', 'd', 'new'];

describe('a prefix whose codes are not used', () => {
  it('is stopped for the network that caused it', () => {
    expect(stopped([of('a', 19)])).to.deep.equal([]);
    expect(stopped([of('a', 20)])).to.deep.equal(['a']);
    expect(stopped([of('a', 20, 1)])).to.deep.equal(['a']);
    expect(stopped([of('a', 20, 2)])).to.deep.equal([]);
  });

  it('is stopped for each of two that caused it, and not for one that requested few', () => {
    expect(stopped([of('a', 10), of('b', 10), of('c', 4), of('d', 6, 1)])).to.deep.equal(['a', 'b']);
  });

  it('is stopped for all when three caused it', () => {
    expect(stopped([of('a', 7), of('b', 7), of('c', 7)])).to.deep.equal(EVERYBODY);
  });

  it('is stopped for all when so many caused it that none stands out', () => {
    const many = Array.from({ length: 20 }, (_, index) => of(`network ${index}`, 1));
    expect(stopped(many)).to.deep.equal(EVERYBODY);
    expect(stopped([...many.slice(1), of('a', 30)])).to.deep.equal(['a']);
  });

  it('goes on while enough of all codes are used', () => {
    expect(stopped([of('a', 20), of('b', 20, 20)])).to.deep.equal([]);
  });

  it('judges codes of no known network together', () => {
    const unknown: NetworkSends = { network: null, sent: 25, used: 0 };
    expect(stopped([unknown])).to.deep.equal([]);
  });
});
