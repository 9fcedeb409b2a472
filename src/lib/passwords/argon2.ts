import { hash, type ParsedHashOptions, parseOptions, verify } from '@node-rs/argon2';
import {
  type HashFormat,
  type HashProblem,
  hashFormat,
  MAX_TAG_BYTES,
  MIN_TAG_BYTES,
} from './hash-format.ts';

export interface Argon2Parameters {
  memoryKiB: number;
  passes: number;
  parallelism: number;
}

const SALT_BYTES = 16;
const TAG_BYTES = 32;
const MAX_MEMORY_KIB = 256 * 1024;
const MAX_PASSES = 32;
const MAX_PARALLELISM = 16;
/** Memory times passes, which bounds the time of one verification (about half a second at this value). */
const MAX_WORK_KIB = 1024 * 1024;

interface Argon2Hash extends ParsedHashOptions {
  stored: string;
}

const parse = (stored: string): Argon2Hash | HashProblem => {
  try {
    return { ...parseOptions(stored), stored };
  } catch {
    return 'unreadable';
  }
};

const hasTag = ({ outputLen }: ParsedHashOptions): boolean =>
  outputLen >= MIN_TAG_BYTES && outputLen <= MAX_TAG_BYTES;

const isWithinLimits = ({ memoryCost, timeCost, parallelism }: ParsedHashOptions): boolean =>
  memoryCost <= MAX_MEMORY_KIB &&
  timeCost <= MAX_PASSES &&
  memoryCost * timeCost <= MAX_WORK_KIB &&
  parallelism <= MAX_PARALLELISM;

/** argon2id, argon2i and argon2d with any parameters within the limits, as PHC strings (RFC 9106). */
export const argon2: HashFormat = hashFormat({
  matches: (stored) => /^\$argon2(?:id|i|d)\$/.test(stored),
  parse(stored) {
    const parsed = parse(stored);
    if (typeof parsed === 'string') return parsed;
    if (!hasTag(parsed)) return 'unreadable';
    return isWithinLimits(parsed) ? parsed : 'too_expensive';
  },
  compare: (password, { stored }) => verify(stored, password),
});

export interface Argon2id extends Pick<HashFormat, 'matches' | 'verify'> {
  /** A PHC string with a new salt of 16 bytes and a tag of 32. */
  hash(password: string): Promise<string>;
}

/** argon2id version 19 with exactly these parameters, the only format that is written. */
export function argon2id({ memoryKiB, passes, parallelism }: Argon2Parameters): Argon2id {
  return {
    hash: (password) =>
      hash(password, { memoryCost: memoryKiB, timeCost: passes, parallelism, outputLen: TAG_BYTES }),
    matches(stored) {
      const parsed = stored.startsWith('$argon2id$v=19$') ? parse(stored) : 'unreadable';
      return (
        typeof parsed !== 'string' &&
        parsed.memoryCost === memoryKiB &&
        parsed.timeCost === passes &&
        parsed.parallelism === parallelism &&
        parsed.saltLen === SALT_BYTES &&
        parsed.outputLen === TAG_BYTES
      );
    },
    verify: (password, stored) => verify(stored, password),
  };
}
