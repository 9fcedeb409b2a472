import { domainToASCII, domainToUnicode } from 'node:url';

export interface Email {
  /** The address to send to: the local part as given, the domain in lower case. */
  value: string;
  /** The unique key: the same for every spelling of one address. */
  key: string;
}

const MAX_CHARACTERS = 100;
/** Invisible characters at either end. */
const AROUND = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
/** RFC 5321 §4.5.3.1.1. */
const MAX_LOCAL_BYTES = 64;
const MAX_DOMAIN_BYTES = 253;

/** `dot-atom` of RFC 5322 §3.2.3, with the letters of other scripts that RFC 6531 §3.3 adds. */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** Only characters of host names: IDNA would also map ideographic full stops, soft hyphens and `%61`. */
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Two or more labels of RFC 1123 §2.1, the last one with a letter. This excludes IP addresses and single words. */
const ASCII_DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The domain with A-labels, or undefined if it is not a host name. */
const asciiDomain = (domain: string): string | undefined => {
  if (!DOMAIN.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  const isHostName = ASCII_DOMAIN.test(ascii) && ascii.length <= MAX_DOMAIN_BYTES;
  // decoding leaves an invalid A-label unchanged
  return isHostName && !/(?:^|\.)xn--/.test(domainToUnicode(ascii)) ? ascii : undefined;
};

/**
 * NFKC and lower case, one character at a time: the whole-string rule of the Greek final sigma would make the key
 * depend on adjacent letters. `ß` and `ss`, and `ı` and `i`, stay different, because their mailboxes are.
 */
const fold = (local: string): string =>
  [...local.normalize('NFKC')]
    .map((character) => character.toLowerCase())
    .join('')
    .normalize('NFKC');

/**
 * Parses a plain address (`addr-spec` without quoting, comments or address literals; RFC 5322 §3.4.1) of at most 100
 * characters; returns undefined for other text.
 *
 * Surrounding white space and direction marks, which come from pasted text, are removed; inside the address they make
 * it invalid. An ASCII domain keeps its form. Another domain is returned with canonical U-labels; the key always has
 * A-labels.
 */
export function parseEmail(input: string): Email | undefined {
  const address = input.replaceAll(AROUND, '');
  if (address.length > 2 * MAX_CHARACTERS || [...address].length > MAX_CHARACTERS) return undefined;
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  const folded = fold(local);
  // some ligatures unfold into spaces or punctuation, so the folded form must be an atom as well
  if (!LOCAL.test(local) || !LOCAL.test(folded) || Buffer.byteLength(local) > MAX_LOCAL_BYTES)
    return undefined;
  const ascii = asciiDomain(domain);
  if (ascii === undefined) return undefined;
  const isAscii = domain.toLowerCase() === ascii;
  return { value: `${local}@${isAscii ? ascii : domainToUnicode(ascii)}`, key: `${folded}@${ascii}` };
}

/** `s•••@example.com`: enough for owners to recognise their address. */
export const maskEmail = (address: string): string =>
  `${[...address][0] ?? ''}•••${address.slice(address.lastIndexOf('@'))}`;

/** Whether two texts are spellings of the same address. */
export function isSameEmail(one: string, other: string): boolean {
  const key = parseEmail(one)?.key;
  return key !== undefined && key === parseEmail(other)?.key;
}
