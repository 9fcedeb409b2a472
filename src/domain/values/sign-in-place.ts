import { networkOf } from '../../lib/addresses.ts';

/**
 * The origin of a sign-in, in a form that its owner may recognise. It is coarse, as it is stored for that purpose only.
 */
export interface SignInPlace {
  /** `Chrome`; null for an unknown program. */
  browser: string | null;
  /** `Android`. */
  system: string | null;
  /** `198.51.100.0/24`. */
  network: string | null;
}

type Names = readonly (readonly [name: string, sign: RegExp])[];

/**
 * The browsers by their marks in `User-Agent`. Most headers name several, so a name that fewer other browsers use comes
 * first.
 */
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

/** The origin of a request: the browser and system of its `User-Agent`, and the network of its address. */
export function signInPlace(userAgent: string, address: string): SignInPlace {
  const network = networkOf(address);
  return {
    browser: nameIn(BROWSERS, userAgent),
    system: nameIn(SYSTEMS, userAgent),
    network: network === 'unknown' ? null : network,
  };
}
