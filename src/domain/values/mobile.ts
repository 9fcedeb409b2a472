import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import { ungrouped, ungroupedNumber } from '../../lib/typed-text.ts';

/** E.164 has 15 digits at most; an international prefix and a trunk zero may come on top. */
const DIGITS = /^\+?\d{8,18}$/;
/** After another country's code than ours, where a zero without brackets may be the number's own. */
const BRACKETED_ZERO = /^((?:\+|00)(?!66)\d{1,3})\(0\)/;
const THAILAND = '+66';

/**
 * Digits that begin with `+` when they are international: without the `00` of some networks, and without a trunk zero.
 */
const dialled = (typed: string): string =>
  ungroupedNumber(ungrouped(typed).replace(BRACKETED_ZERO, '$1'))
    .replace(/^00/, '+')
    .replace(/^\+?660?/, THAILAND);

/**
 * A mobile number in E.164, or undefined, from however people write one: with spaces, dashes, dots, parentheses, in
 * Thai or full-width digits, between direction marks.
 *
 * Thai numbers are read as `0879630303`, `+66879630303`, `66879630303`, `0066879630303` and `+66 (0)87 963 0303`;
 * those of another country only with `+` or `00`. A number without its leading zero is refused rather than guessed at.
 *
 * `countries`: ISO 3166-1 codes of the countries whose mobiles are accepted, where a number is new; of any country
 * unless told, since a look-up finds whatever was accepted once.
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

/** As written in Thailand, 10 digits (`0879630303`); the number of another country stays E.164. */
export const nationalMobile = (e164: string): string =>
  e164.startsWith(THAILAND) ? `0${e164.slice(THAILAND.length)}` : e164;

/** `08x-xxx-5678`: enough to recognise your own number. */
export function maskMobile(e164: string): string {
  const national = nationalMobile(e164);
  return `${national.slice(0, 2)}x-xxx-${national.slice(-4)}`;
}
