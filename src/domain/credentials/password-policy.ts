import type { ErrorCode } from '../../errors/catalogue.ts';
import { isCommonPassword } from '../../lib/passwords/common-passwords.ts';
import { normalisePassword, tooLong } from '../../lib/passwords/password-text.ts';
import { nationalMobile } from '../values/mobile.ts';

/** What the account is known by, and its password must not be. */
export interface PersonalContext {
  /** First name, last name. */
  names: string[];
  emails: string[];
  /** E.164. */
  mobiles: string[];
  nationalId?: string;
}

/** What is wrong with a new password, or undefined. */
export type PasswordPolicy = (password: string, context: PersonalContext) => ErrorCode | undefined;

/** NIST SP 800-63B §3.1.1.2: a least length and a block list, no rules of composition. */
const RULES = {
  standard: { minCharacters: 8, blocklist: true },
  legacy: { minCharacters: 4, blocklist: false },
} as const;

/** How many characters a new password has at least. */
export const leastCharacters = (name: keyof typeof RULES): number => RULES[name].minCharacters;

/** Letters and digits in lower case: `Som-Chai` and `somchai` are one. */
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
 * The rule for new passwords, which refuses the `published` ones under every policy. Characters are counted in code
 * points after NFKC. `standard`: 8 or more, not a common one, not the account's own name, e-mail, mobile or national
 * id in any spelling. `legacy`, for clients with short passwords: 4 or more. Both: 1,024 bytes at most.
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
