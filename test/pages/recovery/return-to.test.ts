import { expect } from 'chai';
import { keyring } from '../../../src/lib/keyring.ts';
import { returnTo } from '../../../src/pages/recovery/return-to.ts';

describe('the part of a link that returns to the client', () => {
  let now = 1_000_000;
  const of = (byte: number) =>
    returnTo({ keyring: keyring([Buffer.alloc(32, byte)]), clock: { now: () => new Date(now) } });
  const originalUrl = `/oauth/authorize?client_id=spa&state=${'s'.repeat(1400)}`;

  it('opens here, for half an hour', () => {
    const sealed = of(1).seal(originalUrl);
    expect(sealed).to.match(/^[\w-]+$/);
    expect(of(1).open(sealed)).to.equal(originalUrl);
    now += 30 * 60 * 1000 - 1;
    expect(of(1).open(sealed)).to.equal(originalUrl);
    now += 1;
    expect(of(1).open(sealed)).to.equal(undefined);
  });

  it('is ignored when it is forged', () => {
    const sealed = of(1).seal(originalUrl);
    for (const other of [
      undefined,
      ['a'],
      '',
      'https://evil.example',
      originalUrl,
      `${sealed}AAAA`,
      'A'.repeat(10_000),
    ])
      expect(of(1).open(other)).to.equal(undefined);
    expect(of(2).open(sealed)).to.equal(undefined);
  });
});
