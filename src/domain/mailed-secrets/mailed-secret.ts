import { randomInt } from 'node:crypto';
import { plainText, ungrouped } from '../../lib/typed-text.ts';

/** The operations that a link in an e-mail performs on an address of an account. */
export type LinkPurpose = 'verify_email' | 'change_email' | 'undo_email';

/** The purpose of a mailed secret. */
export type MailedPurpose = LinkPurpose | 'activate_account' | 'reset_password';

export interface MailedSecret {
  id: number;
  purpose: MailedPurpose;
  accountId: number;
  /** The address that the secret concerns: the one to confirm, or the one to restore. */
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

/**
 * Normalizes a typed key of a purpose to the form that was mailed. Returns undefined for a text that cannot be a key
 * and does not count as an attempt.
 */
export function parseKey(purpose: MailedPurpose, typed: string): string | undefined {
  const key = ungrouped(typed).toUpperCase();
  return key.length === KEY_LENGTHS[purpose] && /^[A-Z0-9]+$/.test(key) ? key : undefined;
}

/** Normalizes the public name of a secret to the form that was mailed. Dashes can be part of a name. */
export const plainIdentifier = (typed: string): string => plainText(typed).replaceAll(' ', '').toLowerCase();

/** Generates the public name of a secret, which cannot be guessed from the account and is useless without the key. */
export const newIdentifier = (): string => generated(IDENTIFIER_ALPHABET, IDENTIFIER_LENGTH);

/** Generates a key of the characters `A-Z0-9`, in the length of its purpose. */
export const newKey = (purpose: MailedPurpose): string => generated(KEY_ALPHABET, KEY_LENGTHS[purpose]);
