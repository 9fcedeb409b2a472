import { LOCALES } from '../../domain/values/locale.ts';

/** The members that describe a client to people. A registration may contain each in every language of the pages. */
const TRANSLATED = ['client_name', 'client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;
const LONGEST = 200;
const LONGEST_URI = 2000;

const isShort = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST;

const isWebUri = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length <= LONGEST_URI &&
  /^https?:$/.test(URL.parse(value)?.protocol ?? '');

const translated = (member: (typeof TRANSLATED)[number]) =>
  LOCALES.map((locale) => [
    `${member}#${locale}`,
    member === 'client_name'
      ? { valid: isShort, rule: `must be a text of at most ${LONGEST} characters` }
      : { valid: isWebUri, rule: 'must be a web uri' },
  ]);

/**
 * The members with a language tag (RFC 7591 §2.2), such as `client_name#th`, and those that identify the software of a
 * client (§2). The languages are those of the pages; others are ignored, as the RFC requires for unknown members.
 */
export const DESCRIPTION: Record<string, { valid: (value: unknown) => boolean; rule: string }> = {
  ...Object.fromEntries(TRANSLATED.flatMap(translated)),
  software_id: { valid: isShort, rule: `must be a text of at most ${LONGEST} characters` },
  software_version: { valid: isShort, rule: `must be a text of at most ${LONGEST} characters` },
};
