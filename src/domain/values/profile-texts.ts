import type { ErrorCode } from '../../errors/catalogue.ts';
import { plainText } from '../../lib/typed-text.ts';
import { parseCountry } from './country.ts';
import { parsePersonName } from './person-name.ts';
import { parseUsername } from './username.ts';
import { parseWebAddress } from './web-address.ts';

/** The members of a profile about a person's address and phone. */
export const TEXTS = [
  'address',
  'addressTown',
  'addressPostcode',
  'addressRegion',
  'country',
  'phone',
] as const;

/** The members that identify a person to applications: standard claims (OpenID Connect Core §5.1). */
export const PUBLIC_TEXTS = [
  'middleName',
  'nickname',
  'preferredUsername',
  'profileUri',
  'websiteUri',
] as const;

export type ProfileText = (typeof TEXTS)[number] | (typeof PUBLIC_TEXTS)[number];

/** The error of an invalid member. */
export const TEXT_PROBLEMS = {
  address: 'INVALID_TEXT',
  addressTown: 'INVALID_TEXT',
  addressPostcode: 'INVALID_TEXT',
  addressRegion: 'INVALID_TEXT',
  country: 'INVALID_COUNTRY',
  phone: 'INVALID_PHONE',
  middleName: 'INVALID_NAME',
  nickname: 'INVALID_TEXT',
  preferredUsername: 'INVALID_USERNAME',
  profileUri: 'INVALID_WEB_ADDRESS',
  websiteUri: 'INVALID_WEB_ADDRESS',
} as const satisfies Readonly<Record<ProfileText, ErrorCode>>;

/** No invisible characters. */
const LINE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
/** The same, but with line breaks. */
const LINES = /^(?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\r?\n)*$/u;
const PHONE = /^[\d+\- ()]*$/;

const upTo =
  (most: number, allowed: RegExp) =>
  (text: string): string | undefined =>
    [...text].length <= most && allowed.test(text) ? text : undefined;

const RULES: Readonly<Record<ProfileText, (text: string) => string | undefined>> = {
  address: upTo(500, LINES),
  addressTown: upTo(100, LINE),
  addressPostcode: upTo(20, LINE),
  addressRegion: upTo(100, LINE),
  country: parseCountry,
  phone: upTo(20, PHONE),
  middleName: parsePersonName,
  nickname: upTo(50, LINE),
  preferredUsername: parseUsername,
  profileUri: parseWebAddress,
  websiteUri: parseWebAddress,
};

/** The text in its stored form, null for an empty one; undefined if it is invalid for the member. */
export function parseText(member: ProfileText, input: string): string | null | undefined {
  const text = (member === 'phone' ? plainText(input) : input).normalize('NFC').trim();
  return text === '' ? null : RULES[member](text);
}
