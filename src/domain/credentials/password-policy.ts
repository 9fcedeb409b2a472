import type { ErrorCode } from '../../errors/catalogue.ts';
import { isCommonPassword } from '../../lib/passwords/common-passwords.ts';
import { normalisePassword, tooLong } from '../../lib/passwords/password-text.ts';
import { nationalMobile } from '../values/mobile.ts';

/** The personal data of an account, which its password must not equal. */
export interface PersonalContext {
  /** First name, last name. */
  names: string[];
  emails: string[];
  /** E.164. */
  mobiles: string[];
  nationalId?: string;
}

/** Returns the code of the rule that a new password violates; undefined if it is acceptable. */
export type PasswordPolicy = (password: string, context: PersonalContext) => ErrorCode | undefined;

/** NIST SP 800-63B §3.1.1.2: a minimum length and a blocklist, no composition rules. */
const RULES = {
  standard: { minCharacters: 8, blocklist: true },
  legacy: { minCharacters: 4, blocklist: false },
} as const;

/** The minimum number of characters in a new password. */
export const leastCharacters = (name: keyof typeof RULES): number => RULES[name].minCharacters;

/** Reduces a text to its letters and digits in lower case: `Som-Chai` and `somchai` are equal. */
const squash = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');

const mobileSpellings = (e164: string): string[] => {
  const national = nationalMobile(e164);
  return [e164, national, national.replace(/^0/, '')];
};

function isPersonal(password: string, { names, emails, mobiles, nationalId = '' }: PersonalContext): boolean {
  const values = [
    ...names,
    names.join(''),
    names.toReversed().join(''),
    ...emails.flatMap((email) => [email, email.slice(0, email.lastIndexOf('@'))]),
    ...mobiles.flatMap(mobileSpellings),
    nationalId,
  ];
  const squashed = squash(password);
  return squashed !== '' && values.some((value) => squash(value) === squashed);
}

/**
 * The policy for new passwords, which always refuses the `published` ones. Characters are counted as code points after
 * NFKC. `standard`: at least 8, not a common password, and not the account's own name, e-mail address, mobile number or
 * national ID in any spelling. `legacy`, for clients with short passwords: at least 4. Both: at most 1,024 bytes.
 */
export function passwordPolicy(name: keyof typeof RULES, published: readonly string[] = []): PasswordPolicy {
  const { minCharacters, blocklist } = RULES[name];
  return (password, context) => {
    if (tooLong(password)) return 'PASSWORD_TOO_LONG';
    const normalised = normalisePassword(password);
    if (published.includes(normalised)) return 'PASSWORD_TOO_COMMON';
    if ([...normalised].length < minCharacters) return 'PASSWORD_TOO_SHORT';
    if (!blocklist) return undefined;
    if (isCommonPassword(normalised)) return 'PASSWORD_TOO_COMMON';
    return isPersonal(normalised, context) ? 'PASSWORD_IS_PERSONAL' : undefined;
  };
}
