import type { ErrorCode } from '../../errors/catalogue.ts';
import { plainText } from '../../lib/typed-text.ts';
import { parseCountry } from './country.ts';

/** Members of a profile that are free text, or nearly. */
export const TEXTS = [
  'address',
  'addressTown',
  'addressPostcode',
  'addressRegion',
  'country',
  'phone',
] as const;

export type ProfileText = (typeof TEXTS)[number];

/** The error of an invalid member. */
export const TEXT_PROBLEMS: Readonly<Record<ProfileText, ErrorCode>> = {
  address: 'INVALID_TEXT',
  addressTown: 'INVALID_TEXT',
  addressPostcode: 'INVALID_TEXT',
  addressRegion: 'INVALID_TEXT',
  country: 'INVALID_COUNTRY',
  phone: 'INVALID_PHONE',
};

/** Nothing that cannot be seen. */
const LINE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
/** The same, on several lines. */
const LINES = /^(?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\r?\n)*$/u;
const PHONE = /^[\d+\- ()]*$/;

const RULES: Readonly<Record<Exclude<ProfileText, 'country'>, { most: number; allowed: RegExp }>> = {
  address: { most: 500, allowed: LINES },
  addressTown: { most: 100, allowed: LINE },
  addressPostcode: { most: 20, allowed: LINE },
  addressRegion: { most: 100, allowed: LINE },
  phone: { most: 20, allowed: PHONE },
};

/** The text as it is stored, null for an empty one; undefined when the member cannot have it. */
export function parseText(member: ProfileText, input: string): string | null | undefined {
  const text = (member === 'phone' ? plainText(input) : input).normalize('NFC').trim();
  if (text === '') return null;
  if (member === 'country') return parseCountry(text);
  const { most, allowed } = RULES[member];
  return [...text].length <= most && allowed.test(text) ? text : undefined;
}
