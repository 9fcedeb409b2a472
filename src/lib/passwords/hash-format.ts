/** One way in which passwords are, or once were, stored. */
export interface HashFormat {
  /** Whether the stored hash claims to be of this format; decided by its prefix alone. */
  matches(stored: string): boolean;
  /**
   * False for a wrong password, and for a stored hash that is malformed or asks for more work or memory than
   * the format's limits allow. Rejects only when the machine fails.
   */
  verify(password: string, stored: string): Promise<boolean>;
}

/** A tag shorter than this (in bytes) is matched by too many passwords to prove one. */
export const MIN_TAG_BYTES = 16;
export const MAX_TAG_BYTES = 64;

export const isTag = (tag: Uint8Array): boolean => tag.length >= MIN_TAG_BYTES && tag.length <= MAX_TAG_BYTES;
