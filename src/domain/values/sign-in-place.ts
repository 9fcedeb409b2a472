import { networkOf } from '../../lib/addresses.ts';

/** From where a browser signed in, as its owner may recognise it. Coarse: it is kept for that alone. */
export interface SignInPlace {
  /** `Chrome`; null for an unknown program. */
  browser: string | null;
  /** `Android`. */
  system: string | null;
  /** `198.51.100.0/24`. */
  network: string | null;
}

type Names = readonly (readonly [name: string, sign: RegExp])[];

/** What a `User-Agent` says of its browser. Most say more than one name: the one that fewest others claim is first. */
const BROWSERS: Names = [
  ['LINE', /\bLine\//],
  ['Facebook', /\bFB(?:AN|AV|_IAB)\b/],
  ['Instagram', /\bInstagram\b/],
  ['Edge', /\bEdg(?:A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
];

const SYSTEMS: Names = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Tizen', /\bTizen\b/],
  ['webOS', /\bWeb[0O]S\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
];

const nameIn = (names: Names, userAgent: string): string | null =>
  names.find(([, sign]) => sign.test(userAgent))?.[0] ?? null;

/** Of the sender of a request: the `User-Agent` header in coarse words, the address shortened to its network. */
export function signInPlace(userAgent: string, address: string): SignInPlace {
  const network = networkOf(address);
  return {
    browser: nameIn(BROWSERS, userAgent),
    system: nameIn(SYSTEMS, userAgent),
    network: network === 'unknown' ? null : network,
  };
}
