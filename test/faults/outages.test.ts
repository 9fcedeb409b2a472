import { expect } from 'chai';
import { longestOutage, type Probe } from '../../faults/outages.ts';

const probe = (server: number, sentAt: number, answeredAt: number, isGood: boolean): Probe => ({
  server,
  sentAt,
  answeredAt,
  isGood,
});

describe('the time without service', () => {
  it('is none when everything succeeds', () => {
    expect(longestOutage([])).to.equal(0);
    expect(longestOutage([probe(0, 0, 10, true), probe(0, 100, 2900, true)])).to.equal(0);
  });

  it('goes from the first request that fails to the next good response', () => {
    const probes = [
      probe(0, 0, 10, true),
      probe(0, 100, 3100, false),
      probe(0, 200, 210, false),
      probe(0, 4000, 4600, true),
      probe(0, 4100, 4200, true),
    ];
    expect(longestOutage(probes)).to.equal(4.5);
  });

  it('orders requests by when they were sent, in whichever order they were answered', () => {
    const probes = [probe(0, 1000, 1200, true), probe(0, 500, 3500, false), probe(0, 600, 3600, false)];
    expect(longestOutage(probes)).to.equal(3.1);
  });

  it('is that of the server which was away longest, and of the longest outage', () => {
    const probes = [
      ...[probe(0, 0, 10, false), probe(0, 1000, 1010, true), probe(0, 2000, 2010, false)],
      ...[probe(0, 4000, 4005, true), probe(1, 0, 10, false), probe(1, 1500, 1505, true)],
    ];
    expect(longestOutage(probes)).to.equal(2.005);
  });

  it('counts requests that fail at the end', () => {
    expect(longestOutage([probe(0, 0, 10, true), probe(0, 100, 3100, false)])).to.equal(3);
  });
});
