/**
 * Why a stored hash cannot be verified: it is malformed or of no known format, verifying it would cost more than the
 * format's limits allow, or its format needs a setting that is missing.
 */
export type HashProblem = 'unreadable' | 'too_expensive' | 'not_configured';

/** One way in which passwords are, or once were, stored. */
export interface HashFormat {
  /** Whether the stored hash claims to be of this format; decided by its prefix alone. */
  matches(stored: string): boolean;
  /** What keeps the stored hash from being verified, if anything; no password is needed to tell. */
  problem(stored: string): HashProblem | undefined;
  /** False for a wrong password, and for a stored hash with a `problem`. Rejects only when the machine fails. */
  verify(password: string, stored: string): Promise<boolean>;
}

/** A tag shorter than this (in bytes) is matched by too many passwords to prove one. */
export const MIN_TAG_BYTES = 16;
export const MAX_TAG_BYTES = 64;

export const isTag = (tag: Uint8Array): boolean => tag.length >= MIN_TAG_BYTES && tag.length <= MAX_TAG_BYTES;

interface ParsedFormat<Parsed> {
  matches(stored: string): boolean;
  /** The parameters of a hash that can be verified, or why it cannot be. */
  parse(stored: string): Parsed | HashProblem;
  compare(password: string, parsed: Parsed): Promise<boolean>;
}

/** A format that reads its parameters before any work is done. */
export const hashFormat = <Parsed extends object>({
  matches,
  parse,
  compare,
}: ParsedFormat<Parsed>): HashFormat => ({
  matches,
  problem(stored) {
    const parsed = parse(stored);
    return typeof parsed === 'string' ? parsed : undefined;
  },
  async verify(password, stored) {
    const parsed = parse(stored);
    return typeof parsed !== 'string' && compare(password, parsed);
  },
});
