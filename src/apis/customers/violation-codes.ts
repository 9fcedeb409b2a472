import type { ErrorCode } from '../../errors/catalogue.ts';
import { CATALOGUE } from '../../errors/catalogue.ts';

/**
 * The kinds of violations in the Customers API. A code is a kind and the number of the member, such as `SIZ-10070`.
 * Clients compare codes, so neither part ever changes.
 */
export const KINDS = {
  REQ: { th: 'จำเป็นต้องระบุข้อมูลนี้', en: 'This is required.' },
  SIZ: { th: 'ความยาวหรือขนาดไม่ถูกต้อง', en: 'Invalid length or size.' },
  FMT: { th: 'รูปแบบไม่ถูกต้อง', en: 'Invalid format.' },
  DUP: { th: 'มีผู้ใช้ข้อมูลนี้แล้ว', en: 'Already in use.' },
  OTP: { th: 'รหัสไม่ถูกต้อง ใช้ไปแล้ว หรือหมดอายุ', en: 'The code is wrong, has been used or has expired.' },
  PWD: { th: 'รหัสผ่านนี้ใช้ไม่ได้', en: 'This password is not accepted.' },
  REF: { th: 'ไม่พบข้อมูลอ้างอิง', en: 'The referenced value does not exist.' },
} as const;

export type ViolationKind = keyof typeof KINDS;

export const MEMBER_NUMBERS = {
  otpNumber: 10040,
  thaiId: 10050,
  email: 10060,
  mobile: 10070,
  password: 10080,
  firstName: 10090,
  lastName: 10100,
  birthDate: 10110,
  registerChannel: 10120,
  title: 10130,
  phone: 10140,
  oldPassword: 10150,
  newPassword: 10160,
  file: 10170,
  purpose: 10180,
  identifier: 10190,
} as const;

export type Member = keyof typeof MEMBER_NUMBERS;

export const isMember = (name: string): name is Member => Object.hasOwn(MEMBER_NUMBERS, name);

/** One invalid member, before its text is chosen by language. */
export interface MemberViolation {
  member: Member;
  kind: ViolationKind;
  /** The error whose text in the catalogue is more specific than that of the kind. */
  because?: ErrorCode;
}

export const codeOf = ({ member, kind }: MemberViolation): string => `${kind}-${MEMBER_NUMBERS[member]}`;

export const messageOf = ({ kind, because }: MemberViolation, locale: 'th' | 'en'): string =>
  because ? CATALOGUE[because][locale] : KINDS[kind][locale];
