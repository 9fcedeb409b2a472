import { timingSafeEqual } from 'node:crypto';
import { sha256 } from './sha256.ts';

/** Whether two byte strings are equal, in a time that depends only on their lengths. */
export const equalBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

/** Whether two secrets are equal. Compares digests, so that the time reveals neither content nor length. */
export const equalSecrets = (one: string, other: string): boolean =>
  timingSafeEqual(sha256(one), sha256(other));
