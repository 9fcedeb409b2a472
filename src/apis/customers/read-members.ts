import type { PasswordPolicy, PersonalContext } from '../../domain/credentials/password-policy.ts';
import { CODE_PURPOSES, type CodePurpose, parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import { parseBirthDate } from '../../domain/values/birth-date.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { parseMobile } from '../../domain/values/mobile.ts';
import { parseNationalId } from '../../domain/values/national-id.ts';
import { parsePersonName } from '../../domain/values/person-name.ts';
import { parseText } from '../../domain/values/profile-texts.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { plainText, ungrouped, ungroupedNumber } from '../../lib/typed-text.ts';
import { WrongMembers } from './errors.ts';
import type { Member, MemberViolation, ViolationKind } from './violation-codes.ts';
import { codeText, mobileText, phoneText } from './wire.ts';

const NAME_LONGEST = 50;
const EMAIL_LONGEST = 100;
const PHONE_LONGEST = 20;
const NATIONAL_ID_DIGITS = 13;
const MOBILE_DIGITS = 10;
const CHANNELS = ['MOBILE', 'WEB', 'CALL'] as const;
const TITLES = [1, 2, 3, 4, 5];

type Body = Record<string, unknown>;

/**
 * Reads members one by one and collects their violations, so that all problems are reported together: `end` throws if
 * there are any. An invalid member is read as a placeholder that is not used.
 */
export interface Members {
  mobile(): string;
  code(): string;
  purpose(): CodePurpose;
  nationalId(): string;
  email(): { value: string; key: string };
  text(member: Member): string;
  name(member: 'firstName' | 'lastName'): string;
  birthDate(): string;
  phone(): string;
  channel(): (typeof CHANNELS)[number];
  title(): number;
  /** Whether the body has the member. Null and an empty string count as missing. */
  has(member: Member): boolean;
  /** Also true for an empty string: an empty credential is a wrong one. */
  isSupplied(member: Member): boolean;
  /** Checks a new password against the policy, with the available data about the person. */
  newPassword(member: Member, policy: PasswordPolicy, context: PersonalContext): void;
  end(): void;
}

export function membersOf(body: unknown, { countries, today, timeZone }: ReadingSettings): Members {
  const given = (body ?? {}) as Body;
  const violations: MemberViolation[] = [];
  const refuse = (member: Member, kind: ViolationKind, because?: ErrorCode): void =>
    void violations.push(because ? { member, kind, because } : { member, kind });
  const textOf = (member: Member): string => String(given[member] ?? '');
  const digitsOf = (text: string): number => plainText(text).replaceAll(/\D/g, '').length;

  return {
    newPassword(member, policy, context) {
      const problem = policy(textOf(member), context);
      if (problem) refuse(member, 'PWD', problem);
    },
    isSupplied: (member) => given[member] !== undefined && given[member] !== null,
    has: (member) => given[member] !== undefined && given[member] !== null && given[member] !== '',
    text: textOf,
    mobile() {
      const typed = mobileText(given.mobile);
      const mobile = parseMobile(typed, { countries });
      if (mobile) return mobile;
      const national = /^0(?!0)/.test(ungroupedNumber(typed));
      if (national && digitsOf(typed) !== MOBILE_DIGITS) refuse('mobile', 'SIZ');
      else refuse('mobile', digitsOf(typed) < MOBILE_DIGITS ? 'SIZ' : 'FMT', 'INVALID_MOBILE');
      return '';
    },
    code() {
      const typed = codeText(given.otpNumber);
      const code = parseCode(typed);
      if (code === undefined) refuse('otpNumber', /^\d*$/.test(ungrouped(typed)) ? 'SIZ' : 'FMT');
      return code ?? '';
    },
    purpose() {
      const purpose = CODE_PURPOSES.find((one) => one === given.purpose);
      if (!purpose) refuse('purpose', 'REF');
      return purpose ?? 'register';
    },
    nationalId() {
      const typed = textOf('thaiId');
      const nationalId = parseNationalId(typed);
      if (nationalId) return nationalId;
      refuse('thaiId', digitsOf(typed) === NATIONAL_ID_DIGITS ? 'FMT' : 'SIZ', 'INVALID_NATIONAL_ID');
      return '';
    },
    email() {
      const typed = textOf('email');
      const email = parseEmail(typed);
      if (email) return email;
      refuse('email', typed.trim().length > EMAIL_LONGEST ? 'SIZ' : 'FMT', 'INVALID_EMAIL');
      return { value: '', key: '' };
    },
    name(member) {
      const typed = textOf(member);
      const name = parsePersonName(typed);
      if (name) return name;
      refuse(member, [...typed.trim()].length > NAME_LONGEST ? 'SIZ' : 'FMT', 'INVALID_NAME');
      return '';
    },
    birthDate() {
      const date = parseBirthDate(textOf('birthDate'), today, timeZone);
      if (!date) refuse('birthDate', 'FMT', 'INVALID_BIRTH_DATE');
      return date ?? '';
    },
    phone() {
      const typed = phoneText(given.phone);
      const phone = parseText('phone', typed);
      if (!phone) refuse('phone', typed.trim().length > PHONE_LONGEST ? 'SIZ' : 'FMT');
      return phone ?? '';
    },
    channel() {
      const channel = CHANNELS.find((one) => one === given.registerChannel);
      if (!channel) refuse('registerChannel', 'REF');
      return channel ?? 'WEB';
    },
    title() {
      const id = Number((given.title as { id?: unknown } | undefined)?.id);
      if (!TITLES.includes(id)) refuse('title', 'REF');
      return id;
    },
    end() {
      if (violations.length > 0) throw new WrongMembers(violations);
    },
  };
}

export interface ReadingSettings {
  /** ISO 3166-1 codes of the countries whose mobiles are accepted. */
  countries: readonly string[];
  today: Date;
  timeZone: string;
}
