import { randomInt } from 'node:crypto';
import { plainText, ungrouped } from '../../lib/typed-text.ts';

/** What the link of a mail does to an address of an account. */
export type LinkPurpose = 'verify_email' | 'change_email' | 'undo_email';

/** The purpose of a mailed secret. */
export type MailedPurpose = LinkPurpose | 'activate_account' | 'reset_password';

export interface MailedSecret {
  id: number;
  purpose: MailedPurpose;
  accountId: number;
  /** The address that it is about: the one to confirm, or the one to go back to. */
  email: string;
}

const IDENTIFIER_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const IDENTIFIER_LENGTH = 20;
const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** 10 characters are 51 random bits, 16 are 82. */
const KEY_LENGTHS: Record<MailedPurpose, number> = {
  verify_email: 16,
  change_email: 16,
  undo_email: 16,
  activate_account: 10,
  reset_password: 10,
};

const generated = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** The key of a purpose as it was mailed, from however it was typed, or undefined: such a text is no guess at a key. */
export function parseKey(purpose: MailedPurpose, typed: string): string | undefined {
  const key = ungrouped(typed).toUpperCase();
  return key.length === KEY_LENGTHS[purpose] && /^[A-Z0-9]+$/.test(key) ? key : undefined;
}

/** The public name of a secret as it was mailed; dashes may be part of one. */
export const plainIdentifier = (typed: string): string => plainText(typed).replaceAll(' ', '').toLowerCase();

/** The public name of a secret: not guessable from the account, and useless without the key. */
export const newIdentifier = (): string => generated(IDENTIFIER_ALPHABET, IDENTIFIER_LENGTH);

/** Characters of `A-Z0-9`, as many as the purpose has. */
export const newKey = (purpose: MailedPurpose): string => generated(KEY_ALPHABET, KEY_LENGTHS[purpose]);
