import { expect } from 'chai';
import { signInPlace } from '../../../src/domain/values/sign-in-place.ts';

const MOZILLA = 'Mozilla/5.0';
const KHTML = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const IPHONE = `${MOZILLA} (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)`;
const WINDOWS = `${MOZILLA} (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/142.0.0.0 Safari/537.36`;
const ANDROID = `${MOZILLA} (Linux; Android 10; K) ${KHTML}`;

const NAMES: readonly (readonly [userAgent: string, browser: string | null, system: string | null])[] = [
  [WINDOWS, 'Chrome', 'Windows'],
  [`${WINDOWS} Edg/142.0.0.0`, 'Edge', 'Windows'],
  [`${WINDOWS} OPR/125.0.0.0`, 'Opera', 'Windows'],
  [`${ANDROID} Chrome/142.0.0.0 Mobile Safari/537.36`, 'Chrome', 'Android'],
  [`${ANDROID} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`, 'Samsung Internet', 'Android'],
  [`${ANDROID} Version/4.0 Chrome/142.0 Mobile Safari/537.36 Line/15.18.0/IAB`, 'LINE', 'Android'],
  [`${IPHONE} Version/19.1 Mobile/15E148 Safari/604.1`, 'Safari', 'iPhone'],
  [`${IPHONE} CriOS/142.0 Mobile/15E148 Safari/604.1`, 'Chrome', 'iPhone'],
  [`${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/530.0]`, 'Facebook', 'iPhone'],
  [`${MOZILLA} (iPad; CPU OS 12_5 like Mac OS X) Version/12.1 Safari/604.1`, 'Safari', 'iPad'],
  [`${MOZILLA} (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0`, 'Firefox', 'macOS'],
  [`${MOZILLA} (X11; CrOS x86_64 14541.0.0) ${KHTML} Chrome/142.0.0.0 Safari/537.36`, 'Chrome', 'ChromeOS'],
  [`${MOZILLA} (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0`, 'Firefox', 'Linux'],
  ['curl/8.5.0', null, null],
  ['', null, null],
  ['<script>alert(1)</script>', null, null],
];

describe('the place of a sign-in', () => {
  it('is told by the names of browser and system', () => {
    for (const [userAgent, browser, system] of NAMES) {
      expect(signInPlace(userAgent, '198.51.100.7'), userAgent).to.deep.equal({
        browser,
        system,
        network: '198.51.100.0/24',
      });
    }
  });

  it('keeps the network of an address, never the address', () => {
    const networks = ['203.0.113.99', '2001:db8:1:2:3:4:5:6', '::ffff:203.0.113.99', 'unknown'].map(
      (address) => signInPlace('', address).network,
    );
    expect(networks).to.deep.equal(['203.0.113.0/24', '2001:db8:1:2::/64', '203.0.113.0/24', null]);
  });
});
