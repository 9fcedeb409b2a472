import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile';

const MAX_LENGTH = 32;
/** ASCII digits with single spaces or dashes between them: no full-width or Thai digits, no parentheses. */
const SPELLING = /^\+?\d(?:[ -]?\d)*$/;
const THAILAND = '+66';

/**
 * A mobile number in E.164, or undefined.
 *
 * Thai numbers are read as `0879630303`, `+66879630303` or `66879630303`; those of another country only with
 * `+`, and only when it is listed. Every other spelling that a phone would dial (`0066…`, `+66 (0)87…`, no
 * leading zero) is refused rather than guessed at.
 *
 * `countries`: ISO 3166-1 codes of the countries whose mobiles are accepted.
 */
export function parseMobile(
  input: string,
  { countries = ['TH'] }: { countries?: readonly string[] } = {},
): string | undefined {
  if (input.length > MAX_LENGTH) return undefined;
  const spelling = input.trim();
  if (!SPELLING.test(spelling)) return undefined;
  const digits = spelling.replaceAll(/[ -]/g, '');
  const phone = parsePhoneNumberFromString(digits, { defaultCountry: 'TH', extract: false });
  if (!phone?.country || !countries.includes(phone.country)) return undefined;
  if (!phone.isValid() || phone.getType() !== 'MOBILE') return undefined;
  const e164 = phone.number;
  return [e164, e164.slice(1), nationalMobile(e164)].includes(digits) ? e164 : undefined;
}

/** As written in Thailand, 10 digits (`0879630303`); the number of another country stays E.164. */
export const nationalMobile = (e164: string): string =>
  e164.startsWith(THAILAND) ? `0${e164.slice(THAILAND.length)}` : e164;

/** `08x-xxx-5678`: enough to recognise one's own number. */
export function maskMobile(e164: string): string {
  const national = nationalMobile(e164);
  return `${national.slice(0, 2)}x-xxx-${national.slice(-4)}`;
}
