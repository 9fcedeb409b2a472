import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import { ungrouped, ungroupedNumber } from '../../lib/typed-text.ts';

/** E.164 has at most 15 digits; an international prefix and a trunk zero can be added to these. */
const DIGITS = /^\+?\d{8,18}$/;
/** A bracketed zero after a foreign country code, where a zero without brackets may be part of the number. */
const BRACKETED_ZERO = /^((?:\+|00)(?!66)\d{1,3})\(0\)/;
const THAILAND = '+66';

/**
 * The digits as dialled: `+` for an international number, without the `00` prefix of some networks and without a trunk
 * zero.
 */
const dialled = (typed: string): string =>
  ungroupedNumber(ungrouped(typed).replace(BRACKETED_ZERO, '$1'))
    .replace(/^00/, '+')
    .replace(/^\+?660?/, THAILAND);

/**
 * Parses a mobile number into E.164, or returns undefined. Accepts the usual notations: spaces, dashes, dots,
 * parentheses, Thai and full-width digits, and direction marks.
 *
 * Thai numbers are read as `0879630303`, `+66879630303`, `66879630303`, `0066879630303` and `+66 (0)87 963 0303`;
 * foreign numbers only with `+` or `00`. A number without its leading zero is rejected rather than guessed.
 *
 * `countries` are the ISO 3166-1 codes of the countries whose mobiles are accepted as new numbers. Defaults to all
 * countries, since a look-up must find any number that was accepted before.
 */
export function parseMobile(
  input: string,
  { countries }: { countries?: readonly string[] } = {},
): string | undefined {
  const digits = dialled(input);
  if (!DIGITS.test(digits)) return undefined;
  const phone = parsePhoneNumberFromString(digits, { defaultCountry: 'TH', extract: false });
  if (!phone?.country || (countries && !countries.includes(phone.country))) return undefined;
  if (!phone.isValid() || phone.getType() !== 'MOBILE') return undefined;
  const e164 = phone.number;
  return [e164, nationalMobile(e164)].includes(digits) ? e164 : undefined;
}

/** The national notation of Thailand, 10 digits (`0879630303`); foreign numbers stay in E.164. */
export const nationalMobile = (e164: string): string =>
  e164.startsWith(THAILAND) ? `0${e164.slice(THAILAND.length)}` : e164;

/** `08x-xxx-5678`: enough for owners to recognise their number. */
export function maskMobile(e164: string): string {
  const national = nationalMobile(e164);
  return `${national.slice(0, 2)}x-xxx-${national.slice(-4)}`;
}
