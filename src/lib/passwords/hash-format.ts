/**
 * Why a stored hash cannot be verified: it is malformed or of an unknown format, its verification would exceed the
 * format's limits, or a setting that the format needs is missing.
 */
export type HashProblem = 'unreadable' | 'too_expensive' | 'not_configured';

/** A format in which passwords are stored, or were stored by another system. */
export interface HashFormat {
  /** Whether the stored hash is of this format, by its prefix alone. */
  matches(stored: string): boolean;
  /** The problem that prevents verification of the stored hash, if any; determined without a password. */
  problem(stored: string): HashProblem | undefined;
  /** False for a wrong password, and for a stored hash with a `problem`. Rejects only on system failures. */
  verify(password: string, stored: string): Promise<boolean>;
}

/** The minimum length of a tag in bytes. A shorter tag is matched by too many passwords to prove one. */
export const MIN_TAG_BYTES = 16;
export const MAX_TAG_BYTES = 64;

export const isTag = (tag: Uint8Array): boolean => tag.length >= MIN_TAG_BYTES && tag.length <= MAX_TAG_BYTES;

interface ParsedFormat<Parsed> {
  matches(stored: string): boolean;
  /** The parameters of a hash that can be verified, or its problem. */
  parse(stored: string): Parsed | HashProblem;
  compare(password: string, parsed: Parsed): Promise<boolean>;
}

/** Creates a format that reads the parameters before any hashing is done. */
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
