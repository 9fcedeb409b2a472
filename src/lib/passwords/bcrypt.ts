import { verify } from '@node-rs/bcrypt';
import { hashFormat } from './hash-format.ts';

/** Cost 14 takes about a second; each step doubles it. */
const MAX_COST = 14;
const MIN_COST = 4;
const SHAPE = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/**
 * bcrypt (`$2a$`, `$2b$`, `$2y$`). As wherever these hashes were made, only the first 72 bytes of a password
 * count; the hash made at the next login counts all of it. A password with a NUL is wrong: makers written in
 * C stopped there, so that any password with the same beginning would do.
 */
export const bcrypt = hashFormat({
  matches: (stored) => /^\$2[aby]\$/.test(stored),
  parse(stored) {
    const cost = Number(SHAPE.exec(stored)?.[1] ?? 0);
    if (cost < MIN_COST) return 'unreadable';
    return cost <= MAX_COST ? { stored } : 'too_expensive';
  },
  compare: async (password, { stored }) => !password.includes('\0') && verify(password, stored),
});
