import { expect } from 'chai';
import {
  addressKey,
  isPublicAddress,
  networkMatcher,
  networkOf,
  normaliseAddress,
} from '../../src/lib/addresses.ts';

describe('addresses', () => {
  for (const [text, address, network, key] of [
    ['198.51.100.77', '198.51.100.77', '198.51.100.0/24', '198.51.100.77'],
    [' 198.51.100.77 ', '198.51.100.77', '198.51.100.0/24', '198.51.100.77'],
    ['::ffff:198.51.100.77', '198.51.100.77', '198.51.100.0/24', '198.51.100.77'],
    ['::FFFF:c633:644d', '198.51.100.77', '198.51.100.0/24', '198.51.100.77'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::1', '2001:db8:1:2::/64', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::/64', 'fe80::/64'],
  ] as const)
    it(`knows ${text}`, () => {
      expect(normaliseAddress(text)).to.equal(address);
      expect(networkOf(text)).to.equal(network);
      expect(addressKey(text)).to.equal(key);
    });

  for (const text of [
    '',
    'unknown',
    '1.2.3',
    '0x7f.0.0.1',
    '127.1',
    '017.0.0.1',
    '1.2.3.4:80',
    '1.2.3.4, 5.6.7.8',
  ])
    it(`takes ${JSON.stringify(text)} for no address`, () => {
      expect(normaliseAddress(text)).to.equal(undefined);
      expect(networkOf(text)).to.equal('unknown');
      expect(addressKey(text)).to.equal('unknown');
      expect(isPublicAddress(text)).to.equal(false);
    });

  for (const text of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450::1'])
    it(`${text} is public`, () => expect(isPublicAddress(text)).to.equal(true));

  for (const text of [
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::1',
    '2001:0:7f00:1::1',
    '2001:db8::1',
    '4000::1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
  ])
    it(`${text} is not public`, () => expect(isPublicAddress(text)).to.equal(false));

  it('matches networks of both kinds', () => {
    const matches = networkMatcher(['10.1.0.0/16', 'fd00::/8']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::5'].map(matches)).to.deep.equal([true, true, true]);
    expect(['10.2.0.1', 'fe80::1', 'nothing'].map(matches)).to.deep.equal([false, false, false]);
    expect(() => networkMatcher(['10.1.0.0/99'])).to.throw();
  });
});
