import { expect } from 'chai';
import { matchingStep, newTotpSecret, totpUri } from '../../../src/domain/second-factors/totp.ts';
import { totpCode } from '../../support/totp.ts';

/** The secret of RFC 6238, appendix B, in base32. Its codes have eight digits; the last six are used here. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

const at = (seconds: number): Date => new Date(seconds * 1000);
const STEP = 37_037_036;
/** The first second of the time step. */
const START = STEP * 30;

describe('codes of authenticator apps', () => {
  it('are those of RFC 6238', () => {
    for (const [seconds, code] of VECTORS) {
      const step = Math.floor(seconds / 30);
      expect(matchingStep({ secret: SECRET, lastStep: 0 }, code, at(seconds))).to.equal(step);
      expect(totpCode(SECRET, step)).to.equal(code);
    }
  });

  for (const [when, now] of [
    ['at the beginning of a step', START],
    ['at its end', START + 29.999],
  ] as const)
    it(`are accepted one step before and after, ${when}, and no further`, () => {
      const found = [-3, -2, -1, 0, 1, 2, 3].map((later) =>
        matchingStep({ secret: SECRET, lastStep: 0 }, totpCode(SECRET, STEP + later), at(now)),
      );
      expect(found).to.deep.equal([undefined, undefined, STEP - 1, STEP, STEP + 1, undefined, undefined]);
    });

  it('of a phone that is 40 seconds off are accepted while it is no more than one step away', () => {
    const accepted = (offset: number): number =>
      Array.from({ length: 30 }, (_, second) => START + second).filter(
        (now) =>
          matchingStep(
            { secret: SECRET, lastStep: 0 },
            totpCode(SECRET, Math.floor((now + offset) / 30)),
            at(now),
          ) !== undefined,
      ).length;
    // an offset of 40 seconds is one step for 20 seconds of each step, and two for the other 10
    expect([accepted(0), accepted(30), accepted(-30)]).to.deep.equal([30, 30, 30]);
    expect([accepted(40), accepted(-40)]).to.deep.equal([20, 20]);
    expect([accepted(60), accepted(-60)]).to.deep.equal([0, 0]);
  });

  it('are no longer accepted once a code of that step, or of a later one, was used', () => {
    const code = (later: number): string => totpCode(SECRET, STEP + later);
    const foundAfter = (lastStep: number, later: number) =>
      matchingStep({ secret: SECRET, lastStep }, code(later), at(START));
    expect(foundAfter(STEP, 0)).to.equal(undefined);
    expect(foundAfter(STEP, -1)).to.equal(undefined);
    expect(foundAfter(STEP, 1)).to.equal(STEP + 1);
    expect(foundAfter(STEP + 1, 0)).to.equal(undefined);
  });

  it('come from a secret of 160 bits, another one each time, as RFC 4226 recommends', () => {
    const [one, other] = [newTotpSecret(), newTotpSecret()];
    expect(one).to.match(/^[A-Z2-7]{32}$/);
    expect(one).to.not.equal(other);
  });

  it('are described to the app by a URI with the parameters that every app supports', () => {
    const url = new URL(totpUri({ secret: SECRET, issuer: 'ประตู & co', label: 'me@example.com' }));
    expect(url.protocol + url.host).to.equal('otpauth:totp');
    expect(decodeURIComponent(url.pathname)).to.equal('/ประตู & co:me@example.com');
    expect(Object.fromEntries(url.searchParams)).to.deep.equal({
      secret: SECRET,
      issuer: 'ประตู & co',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});
